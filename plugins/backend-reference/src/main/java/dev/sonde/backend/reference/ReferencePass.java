package dev.sonde.backend.reference;

import dev.sonde.api.model.HookPoint;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.packing.BatchComputation;
import dev.sonde.packing.DenseRows;
import dev.sonde.packing.PackedBatch;
import dev.sonde.packing.Readout;
import dev.sonde.packing.RowSelection;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** One packed batch, run block by block as deep as its reads need. */
final class ReferencePass implements BatchComputation {
  private final DecoderSpec spec;
  private final Transformer decoder;
  private final Readout readout;
  private final List<Run> runs;
  private final Observer observer = new Reading();
  private Optional<Streams> streams = Optional.empty();
  private int layer;
  private boolean done;

  ReferencePass(Transformer decoder, Readout readout) {
    this.spec = decoder.spec();
    this.decoder = decoder;
    this.readout = readout;
    PackedBatch batch = readout.batch();
    this.runs =
        IntStream.range(0, batch.size())
            .mapToObj(i -> run(batch.start(i), batch.sequence(i).length()))
            .toList();
  }

  /** A whole sequence; where blocks take keys of others, with what remembers those. */
  private Run run(int start, int length) {
    return spec.sharesKeys()
        ? new Run(start, length, 0, Optional.of(KeyValueCache.empty(spec)))
        : Run.whole(start, length);
  }

  /** Shows the readout every point that it wants. */
  private final class Reading implements Observer {
    @Override
    public boolean wants(HookPoint point) {
      return readout.wants(point);
    }

    @Override
    public void see(HookPoint point, float[] activations) {
      int width = activations.length / readout.batch().tokens();
      readout.pass(point, new DenseRows(activations, width));
    }

    @Override
    public void seeEdges(HookPoint point, List<float[]> edges) {
      readout.pass(point, (rows, how, memory) -> takeEdges(edges, rows, memory));
    }
  }

  @Override
  public Readout readout() {
    return readout;
  }

  @Override
  public boolean advance() {
    if (streams.isEmpty()) {
      streams = Optional.of(begin(readout.batch()));
      return true;
    }
    if (layer < readout.depth(spec.layers())) {
      streams = Optional.of(decoder.block(layer, streams.get(), runs, observer));
      layer++;
      return true;
    }
    if (layer == spec.layers() && !done) {
      done = true;
      unembed(decoder.finalNorm(decoder.last(streams.get()), observer));
      return true;
    }
    return false;
  }

  /** The residual stream before the first block that is run. */
  private Streams begin(PackedBatch batch) {
    if (batch.startBlock().isEmpty()) {
      return decoder.embed(batch.tokenIds(), runs, observer);
    }
    layer = batch.startBlock().getAsInt();
    return new Streams(batch.residual(), List.of(), List.of());
  }

  private static Readout.Values takeEdges(List<float[]> edges, RowSelection rows, Arena memory) {
    List<float[]> taken = Arrays.stream(rows.tokens()).mapToObj(edges::get).toList();
    long[] offsets = new long[rows.size() + 1];
    for (int row = 0; row < rows.size(); row++) {
      offsets[row + 1] = offsets[row] + taken.get(row).length;
    }
    return new Readout.Values(copy(taken, memory), 0, offsets);
  }

  /** Logits over the whole vocabulary are made for one row of a read after the other. */
  private void unembed(float[] normed) {
    readout.pass(HookPoint.LOGITS, (rows, how, memory) -> takeLogits(normed, rows, how, memory));
    readout.pass(
        HookPoint.LOG_PROB, (rows, how, memory) -> takeLogProbabilities(normed, rows, memory));
  }

  private Readout.Values takeLogits(float[] normed, RowSelection rows, String how, Arena memory) {
    List<float[]> taken = new ArrayList<>();
    for (int row = 0; row < rows.size(); row++) {
      int count = rows.to(row) - rows.from(row);
      float[] logits = logits(normed, rows.from(row), rows.to(row));
      taken.add(DenseRows.reduced(logits, spec.vocabulary(), 0, count, how));
    }
    return new Readout.Values(copy(taken, memory), DenseRows.width(spec.vocabulary(), how));
  }

  /** A row per target; it is predicted by the token before its position. */
  private Readout.Values takeLogProbabilities(float[] normed, RowSelection rows, Arena memory) {
    List<float[]> taken = new ArrayList<>();
    double[] following = {};
    for (int row = 0; row < rows.size(); row++) {
      if (row == 0 || rows.from(row) != rows.from(row - 1)) {
        following = Softmax.log(logits(normed, rows.from(row), rows.to(row)));
      }
      taken.add(new float[] {(float) following[rows.target(row).token()]});
    }
    return new Readout.Values(copy(taken, memory), 1);
  }

  private float[] logits(float[] normed, int from, int to) {
    return decoder.logits(Arrays.copyOfRange(normed, from * spec.width(), to * spec.width()));
  }

  private static MemorySegment copy(List<float[]> rows, Arena memory) {
    long count = rows.stream().mapToLong(row -> row.length).sum();
    MemorySegment cells = memory.allocate(Math.max(1, count) * Float.BYTES, Float.BYTES);
    long at = 0;
    for (float[] row : rows) {
      MemorySegment.copy(row, 0, cells, ValueLayout.JAVA_FLOAT, at, row.length);
      at += (long) row.length * Float.BYTES;
    }
    return cells;
  }

  @Override
  public void close() {
    streams = Optional.empty();
  }
}
