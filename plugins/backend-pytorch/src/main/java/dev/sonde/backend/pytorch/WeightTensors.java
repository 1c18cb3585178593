package dev.sonde.backend.pytorch;

import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.formats.Weight;
import dev.sonde.formats.huggingface.DecoderWeights;
import dev.sonde.formats.huggingface.DecoderWeights.Gain;
import dev.sonde.formats.huggingface.Part;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Stored weights as tensors: over the mapped file where it holds float32, else copied. */
final class WeightTensors {
  /** What the processor's widest loads like. */
  private static final int ALIGNMENT = 64;

  private final List<MemorySegment> memory = new ArrayList<>();
  private final Torch.Scope scope;
  private final boolean bfloat16;

  /**
   * None yet.
   *
   * @param scope which they belong to
   * @param bfloat16 whether linears are rounded to it
   */
  WeightTensors(Torch.Scope scope, boolean bfloat16) {
    this.scope = scope;
    this.bfloat16 = bfloat16;
  }

  /** A weight in its shape. */
  PtNDArray of(Weight weight) {
    return tensor(weight.float32().orElseGet(() -> copy(weight)), weight);
  }

  /** A gain with its offset added. */
  PtNDArray shifted(Gain gain) {
    float offset = (float) gain.kind().gainOffset();
    if (offset == 0) {
      return of(gain.gain());
    }
    MemorySegment cells = copy(gain.gain());
    for (long i = 0; i < gain.gain().count(); i++) {
      float moved = offset + cells.getAtIndex(ValueLayout.JAVA_FLOAT, i);
      cells.setAtIndex(ValueLayout.JAVA_FLOAT, i, moved);
    }
    return tensor(cells, gain.gain());
  }

  /** Linears of one input in one matrix, and each as some of its rows. */
  Map<Part, Parameters.Linear> joined(
      Part whole, List<Part> parts, int layer, DecoderWeights weights) {
    Map<Part, Parameters.Linear> linears = new EnumMap<>(Part.class);
    List<DecoderWeights.Linear> all = parts.stream().map(p -> weights.linear(p, layer)).toList();
    long in = all.getFirst().in();
    long out = all.stream().mapToLong(DecoderWeights.Linear::out).sum();
    boolean biased = all.stream().anyMatch(linear -> linear.bias().isPresent());
    PtNDArray matrix = joined(all, out, in);
    MemorySegment biases = Arena.ofAuto().allocate(out * Float.BYTES, ALIGNMENT);
    int row = 0;
    for (int i = 0; i < all.size(); i++) {
      DecoderWeights.Linear linear = all.get(i);
      PtNDArray rows = scope.call("rows", matrix, row, row + linear.out());
      MemorySegment bias = slice(biases, row, linear.out());
      linear.bias().ifPresent(b -> b.copyFloats(0, bias, linear.out()));
      linears.put(
          parts.get(i),
          new Parameters.Linear(
              linear.module(), rows, linear.bias().map(b -> tensor(bias, linear.out())), bfloat16));
      row += linear.out();
    }
    linears.put(
        whole,
        new Parameters.Linear(
            all.getFirst().module(),
            matrix,
            biased ? Optional.of(tensor(biases, out)) : Optional.empty(),
            bfloat16));
    return linears;
  }

  /** The rows of some linears one below the other. */
  private PtNDArray joined(List<DecoderWeights.Linear> all, long out, long in) {
    if (bfloat16) {
      try (Arena arena = Arena.ofConfined()) {
        return narrow(rows(all, arena.allocate(out * in * Float.BYTES, ALIGNMENT)), out, in);
      }
    }
    MemorySegment cells =
        sideBySide(all)
            .orElseGet(() -> rows(all, Arena.ofAuto().allocate(out * in * Float.BYTES, ALIGNMENT)));
    return tensor(cells, out, in);
  }

  private static MemorySegment rows(List<DecoderWeights.Linear> all, MemorySegment matrix) {
    long at = 0;
    for (DecoderWeights.Linear linear : all) {
      long count = linear.weight().count();
      linear.weight().copyFloats(0, slice(matrix, at, count), count);
      at += count;
    }
    return matrix;
  }

  /** A weight rounded to bfloat16. */
  PtNDArray narrow(Weight weight) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment cells = arena.allocate(weight.count() * Float.BYTES, ALIGNMENT);
      weight.copyFloats(0, cells, weight.count());
      return narrow(cells, shape(weight));
    }
  }

  /** A rounded copy, so that the cells are not needed any longer. */
  private PtNDArray narrow(MemorySegment cells, long... shape) {
    try (Torch.Scope step = scope.inner()) {
      return scope.keep(step.call("narrow", step.view(cells, DataType.FLOAT32, shape)));
    }
  }

  /** The matrix of several linears, where the file holds it as it is needed. */
  @SuppressWarnings("restricted") // no more than the tensors side by side that were just looked at
  private static Optional<MemorySegment> sideBySide(List<DecoderWeights.Linear> all) {
    Optional<MemorySegment> first = all.getFirst().weight().float32();
    long end = first.map(MemorySegment::address).orElse(0L);
    for (DecoderWeights.Linear linear : all) {
      Optional<MemorySegment> rows = linear.weight().float32();
      if (rows.isEmpty() || rows.get().address() != end) {
        return Optional.empty();
      }
      end += rows.get().byteSize();
    }
    long bytes = end - first.orElseThrow().address();
    return first.map(segment -> segment.reinterpret(bytes));
  }

  private static MemorySegment slice(MemorySegment cells, long from, long count) {
    return cells.asSlice(from * Float.BYTES, count * Float.BYTES);
  }

  private PtNDArray tensor(MemorySegment cells, Weight weight) {
    return tensor(cells, shape(weight));
  }

  private static long[] shape(Weight weight) {
    return weight.shape().stream().mapToLong(Long::longValue).toArray();
  }

  private PtNDArray tensor(MemorySegment cells, long... shape) {
    if (!scope.isOnDevice()) {
      memory.add(cells); // reachable as long as the tensors that point into it
    }
    return scope.view(cells, DataType.FLOAT32, shape);
  }

  private static MemorySegment copy(Weight weight) {
    MemorySegment cells = Arena.ofAuto().allocate(weight.count() * Float.BYTES, ALIGNMENT);
    weight.copyFloats(0, cells, weight.count());
    return cells;
  }
}
