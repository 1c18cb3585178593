package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Reduction;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.packing.PackedBatch;
import dev.sonde.packing.Pass;
import dev.sonde.packing.Readout;
import dev.sonde.packing.RowSelection;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** One packed batch, run block by block as deep as its reads need. */
final class PyTorchPass implements Pass {
  /** Rows whose log-probabilities over the whole vocabulary are held at once. */
  private static final int SCORED_AT_ONCE = 256;

  private final DecoderSpec spec;
  private final LlamaDecoder decoder;
  private final Readout readout;
  private final int depth;
  private final Torch.Scope scope;
  private final PtNDArray positions;
  private final LlamaDecoder.Attention attention;
  private Optional<PtNDArray> residual = Optional.empty();
  private int layer;
  private boolean scored;

  PyTorchPass(DecoderSpec spec, LlamaDecoder decoder, Torch torch, Readout readout) {
    this.spec = spec;
    this.decoder = decoder;
    this.readout = readout;
    this.depth = readout.depth(spec.layers());
    this.scope = torch.scope();
    PackedBatch batch = readout.batch();
    this.positions = scope.integers(positions(batch));
    List<PackedBatch.Block> blocks = batch.blocks();
    long[] counts = blocks.stream().mapToLong(PackedBatch.Block::count).toArray();
    long[] lengths = blocks.stream().mapToLong(PackedBatch.Block::length).toArray();
    this.attention = (inner, block, q, k, v) -> inner.call("attend", q, k, v, counts, lengths);
  }

  private static int[] positions(PackedBatch batch) {
    return IntStream.range(0, batch.size())
        .flatMap(i -> IntStream.range(0, batch.sequence(i).length()))
        .toArray();
  }

  @Override
  public Readout readout() {
    return readout;
  }

  @Override
  public boolean advance() {
    if (residual.isEmpty()) {
      PtNDArray embedded = decoder.embed(scope, scope.integers(readout.batch().tokenIds()));
      pass(HookPoint.EMBED, embedded);
      residual = Optional.of(embedded);
      return true;
    }
    PtNDArray before = residual.get();
    if (layer < depth) {
      PtNDArray after = decoder.block(scope, layer, before, positions, attention, this::pass);
      before.close();
      residual = Optional.of(after);
      layer++;
      return true;
    }
    if (readout.wants(HookPoint.LOG_PROB) && !scored) {
      readout.pass(HookPoint.LOG_PROB, (rows, how, memory) -> score(before, rows, memory));
      scored = true;
      return true;
    }
    return false;
  }

  private void pass(HookPoint point, PtNDArray activations) {
    if (readout.wants(point)) {
      readout.pass(point, (rows, how, memory) -> take(activations, rows, how, memory));
    }
  }

  private Readout.Values take(
      PtNDArray activations, RowSelection rows, Reduction reduction, Arena memory) {
    int width = reduction == Reduction.NORM ? 1 : spec.width();
    if (rows.size() == 0) {
      return new Readout.Values(memory.allocate(Float.BYTES), width);
    }
    try (Torch.Scope inner = scope.inner()) {
      int[] from = rows.tokens();
      PtNDArray taken;
      if (reduction != Reduction.NONE) {
        long[] ends = IntStream.range(0, rows.size()).mapToLong(rows::to).toArray();
        taken = inner.call("reduce", activations, longs(from), ends, reduction.name());
      } else if (from.length == readout.batch().tokens()) {
        taken = activations;
      } else {
        taken = inner.call("take", activations, inner.integers(from));
      }
      return new Readout.Values(copy(taken, memory), width);
    }
  }

  private static long[] longs(int[] values) {
    return Arrays.stream(values).asLongStream().toArray();
  }

  private static MemorySegment copy(PtNDArray tensor, Arena memory) {
    MemorySegment cells = Torch.cells(tensor);
    MemorySegment copy = memory.allocate(cells.byteSize(), Float.BYTES);
    return copy.copyFrom(cells);
  }

  /** A row per target; it is predicted by the token before its position. */
  private Readout.Values score(PtNDArray last, RowSelection rows, Arena memory) {
    MemorySegment scores = memory.allocate(Math.max(1, rows.size()) * 4L, Float.BYTES);
    for (int from = 0; from < rows.size(); from += SCORED_AT_ONCE) {
      int[] chunk = IntStream.range(from, Math.min(from + SCORED_AT_ONCE, rows.size())).toArray();
      int[] tokens = Arrays.stream(chunk).map(rows::from).toArray();
      int[] distinct = Arrays.stream(tokens).sorted().distinct().toArray();
      int[] which = Arrays.stream(tokens).map(t -> Arrays.binarySearch(distinct, t)).toArray();
      int[] targets = Arrays.stream(chunk).map(row -> rows.target(row).token()).toArray();
      try (Torch.Scope inner = scope.inner()) {
        PtNDArray chosen = inner.call("take", last, inner.integers(distinct));
        PtNDArray all = decoder.logProbabilities(inner, chosen);
        PtNDArray picked = inner.call("pick", all, inner.integers(which), inner.integers(targets));
        MemorySegment cells = Torch.cells(picked);
        MemorySegment.copy(cells, 0, scores, from * 4L, cells.byteSize());
      }
    }
    return new Readout.Values(scores, 1);
  }

  @Override
  public void close() {
    scope.close();
  }
}
