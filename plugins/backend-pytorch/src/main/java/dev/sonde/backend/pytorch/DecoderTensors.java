package dev.sonde.backend.pytorch;

import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.formats.Weight;
import dev.sonde.formats.huggingface.DecoderSpec;
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
import java.util.stream.IntStream;

/**
 * The weights of a decoder as tensors over the mapped file; those not stored in float32 copied, and
 * where linears run in bfloat16 theirs rounded to it.
 */
final class DecoderTensors implements Parameters {
  /** What the processor's widest loads like. */
  private static final int ALIGNMENT = 64;

  /** Linears of one input. */
  static final Map<Part, List<Part>> JOINT =
      Map.of(
          Part.QUERY_KEY_VALUE, List.of(Part.QUERY, Part.KEY, Part.VALUE),
          Part.GATE_UP, List.of(Part.GATE, Part.UP));

  /** Norms over the residual stream. */
  static final List<Part> NORMS =
      List.of(Part.ATTENTION_NORM, Part.ATTENTION_POST_NORM, Part.MLP_NORM, Part.MLP_POST_NORM);

  /** Norms over queries or keys. */
  static final List<Part> HEAD_NORMS = List.of(Part.QUERY_NORM, Part.KEY_NORM);

  private final List<MemorySegment> memory = new ArrayList<>();
  private final DecoderSpec spec;
  private final DecoderWeights weights;
  private final Torch.Scope scope;
  private final boolean bfloat16;
  private final PtNDArray embedding;
  private final Optional<PtNDArray> positions;
  private final List<Block> blocks;
  private final Norm finalNorm;
  private final PtNDArray head;

  /** A linear map, and whether its weight is bfloat16; its bias is float32. */
  record Linear(String module, PtNDArray weight, Optional<PtNDArray> bias, boolean bfloat16) {}

  /** The gain of a norm, its offset added, and its bias. */
  record Norm(PtNDArray gain, Optional<PtNDArray> bias) {}

  /** The weights of one block; what a family has not is absent. */
  record Block(
      Map<Part, Linear> linears,
      Map<Part, Norm> norms,
      Optional<PtNDArray> sinks,
      List<PtNDArray> experts) {

    Linear linear(Part part) {
      Linear linear = linears.get(part);
      if (linear == null) {
        throw new IllegalStateException("this family has no " + part);
      }
      return linear;
    }

    Optional<Norm> norm(Part part) {
      return Optional.ofNullable(norms.get(part));
    }
  }

  DecoderTensors(DecoderSpec spec, DecoderWeights weights, Torch.Scope scope, boolean bfloat16) {
    this.spec = spec;
    this.weights = weights;
    this.scope = scope;
    this.bfloat16 = bfloat16;
    this.embedding = tensor(weights.embedding());
    this.positions = weights.positions().map(this::tensor);
    this.blocks = IntStream.range(0, spec.layers()).mapToObj(this::readBlock).toList();
    this.finalNorm = norm(weights.finalNorm());
    this.head = spec.tiedHead() ? embedding : tensor(weights.head());
  }

  private Block readBlock(int layer) {
    Map<Part, Linear> linears = new EnumMap<>(Part.class);
    for (Map.Entry<Part, List<Part>> joint : JOINT.entrySet()) {
      if (joint.getValue().stream().allMatch(spec::has)) {
        join(joint.getKey(), joint.getValue(), layer, linears);
      }
    }
    for (Part part : weights.linears()) {
      if (!linears.containsKey(part)) {
        DecoderWeights.Linear linear = weights.linear(part, layer);
        // Which experts are chosen must not hang on rounding.
        boolean narrow = bfloat16 && part != Part.ROUTER;
        PtNDArray matrix = narrow ? narrow(linear.weight()) : tensor(linear.weight());
        linears.put(
            part, new Linear(linear.module(), matrix, linear.bias().map(this::tensor), narrow));
      }
    }
    Map<Part, Norm> norms = new EnumMap<>(Part.class);
    for (Part part : NORMS) {
      weights.norm(part, layer).ifPresent(gain -> norms.put(part, norm(gain)));
    }
    for (Part part : HEAD_NORMS) {
      weights.headNorm(part, layer).ifPresent(gain -> norms.put(part, norm(gain)));
    }
    List<PtNDArray> experts =
        spec.has(Part.ROUTER)
            ? weights.experts(layer).stream().map(this::tensor).toList()
            : List.of();
    return new Block(linears, norms, weights.sinks(layer).map(this::tensor), experts);
  }

  /** Puts linears of one input into one matrix, so that one product serves all of them. */
  private void join(Part whole, List<Part> parts, int layer, Map<Part, Linear> linears) {
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
          new Linear(
              linear.module(), rows, linear.bias().map(b -> tensor(bias, linear.out())), bfloat16));
      row += linear.out();
    }
    linears.put(
        whole,
        new Linear(
            all.getFirst().module(),
            matrix,
            biased ? Optional.of(tensor(biases, out)) : Optional.empty(),
            bfloat16));
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

  private PtNDArray narrow(Weight weight) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment cells = arena.allocate(weight.count() * Float.BYTES, ALIGNMENT);
      weight.copyFloats(0, cells, weight.count());
      return narrow(cells, weight.shape().stream().mapToLong(Long::longValue).toArray());
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

  private Norm norm(Gain gain) {
    float offset = (float) spec.norm().gainOffset();
    if (offset == 0) {
      return new Norm(tensor(gain.gain()), gain.bias().map(this::tensor));
    }
    MemorySegment cells = copy(gain.gain());
    for (long i = 0; i < gain.gain().count(); i++) {
      float shifted = offset + cells.getAtIndex(ValueLayout.JAVA_FLOAT, i);
      cells.setAtIndex(ValueLayout.JAVA_FLOAT, i, shifted);
    }
    return new Norm(tensor(cells, gain.gain()), gain.bias().map(this::tensor));
  }

  private PtNDArray tensor(Weight weight) {
    return tensor(weight.float32().orElseGet(() -> copy(weight)), weight);
  }

  private PtNDArray tensor(MemorySegment cells, Weight weight) {
    return tensor(cells, weight.shape().stream().mapToLong(Long::longValue).toArray());
  }

  private PtNDArray tensor(MemorySegment cells, long... shape) {
    memory.add(cells); // reachable as long as the tensors that point into it
    return scope.view(cells, DataType.FLOAT32, shape);
  }

  private static MemorySegment copy(Weight weight) {
    MemorySegment cells = Arena.ofAuto().allocate(weight.count() * Float.BYTES, ALIGNMENT);
    weight.copyFloats(0, cells, weight.count());
    return cells;
  }

  @Override
  public PtNDArray embedding() {
    return embedding;
  }

  @Override
  public Optional<PtNDArray> positions() {
    return positions;
  }

  @Override
  public Block block(int layer) {
    return blocks.get(layer);
  }

  @Override
  public Norm finalNorm() {
    return finalNorm;
  }

  @Override
  public PtNDArray head() {
    return head;
  }
}
