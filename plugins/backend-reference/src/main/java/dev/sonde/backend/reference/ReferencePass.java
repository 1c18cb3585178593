package dev.sonde.backend.reference;

import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Reduction;
import dev.sonde.api.model.Sequence;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.packing.PackedBatch;
import dev.sonde.packing.Pass;
import dev.sonde.packing.Readout;
import dev.sonde.packing.RowSelection;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** One packed batch, run in a single step as deep as its reads need. */
final class ReferencePass implements Pass {
  private final DecoderSpec spec;
  private final LlamaDecoder decoder;
  private final Readout readout;
  private boolean done;

  ReferencePass(DecoderSpec spec, LlamaDecoder decoder, Readout readout) {
    this.spec = spec;
    this.decoder = decoder;
    this.readout = readout;
  }

  @Override
  public Readout readout() {
    return readout;
  }

  @Override
  public boolean advance() {
    if (done) {
      return false;
    }
    done = true;
    PackedBatch batch = readout.batch();
    List<LlamaDecoder.Segment> segments = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      segments.add(
          new LlamaDecoder.Segment(
              batch.start(i), batch.sequence(i).length(), KeyValueCache.empty(spec)));
    }
    float[] residual =
        decoder.forward(
            batch.tokenIds(),
            segments,
            readout.depth(spec.layers()),
            (point, values) ->
                readout.pass(point, (rows, how, memory) -> take(values, rows, how, memory)));
    if (readout.wants(HookPoint.LOG_PROB)) {
      readout.pass(
          HookPoint.LOG_PROB, (rows, how, memory) -> logProbabilities(residual, rows, memory));
    }
    return true;
  }

  private Readout.Values take(
      float[] activations, RowSelection rows, Reduction reduction, Arena memory) {
    int width = activations.length / readout.batch().tokens();
    int rowWidth = reduction == Reduction.NORM ? 1 : width;
    float[] taken = new float[rows.size() * rowWidth];
    for (int row = 0; row < rows.size(); row++) {
      int from = rows.from(row) * width;
      int to = rows.to(row) * width;
      switch (reduction) {
        case NONE -> System.arraycopy(activations, from, taken, row * width, width);
        case NORM -> taken[row] = norm(activations, from, to);
        case MEAN -> {
          for (int c = 0; c < width; c++) {
            taken[row * width + c] = mean(activations, from + c, to, width);
          }
        }
        case MAX -> {
          for (int c = 0; c < width; c++) {
            taken[row * width + c] = max(activations, from + c, to, width);
          }
        }
      }
    }
    return new Readout.Values(copy(taken, memory), rowWidth);
  }

  private static float norm(float[] values, int from, int to) {
    double squares = 0;
    for (int i = from; i < to; i++) {
      squares += (double) values[i] * values[i];
    }
    return (float) Math.sqrt(squares);
  }

  private static float mean(float[] values, int from, int to, int step) {
    double sum = 0;
    int count = 0;
    for (int i = from; i < to; i += step) {
      sum += values[i];
      count++;
    }
    return (float) (sum / count);
  }

  private static float max(float[] values, int from, int to, int step) {
    float max = values[from];
    for (int i = from; i < to; i += step) {
      max = Math.max(max, values[i]);
    }
    return max;
  }

  /** A row per target; it is predicted by the token before its position. */
  private Readout.Values logProbabilities(float[] residual, RowSelection rows, Arena memory) {
    float[] taken = new float[rows.size()];
    for (int row = 0; row < taken.length; row++) {
      Sequence.Target target = rows.target(row);
      double[] all = decoder.logProbabilities(residual, rows.from(row));
      taken[row] = (float) all[target.token()];
    }
    return new Readout.Values(copy(taken, memory), 1);
  }

  private static MemorySegment copy(float[] values, Arena memory) {
    MemorySegment cells = memory.allocate(Math.max(4L, values.length * 4L), Float.BYTES);
    MemorySegment.copy(values, 0, cells, ValueLayout.JAVA_FLOAT, 0, values.length);
    return cells;
  }

  @Override
  public void close() {
    done = true;
  }
}
