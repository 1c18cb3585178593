package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.formats.Weight;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.DecoderWeights;
import dev.sonde.formats.huggingface.DecoderWeights.Gain;
import dev.sonde.formats.huggingface.Part;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The weights of a decoder put together, on the record, from leaves: one tensor for each that is
 * stored, so that gradients are those of the stored ones.
 */
final class LeafTensors implements Parameters {
  private final DecoderSpec spec;
  private final DecoderWeights weights;
  private final Function<String, PtNDArray> leaf;
  private final Torch.Scope scope;
  private final List<Block> blocks;

  /**
   * Puts them together.
   *
   * @param leaf gives the leaf of a stored weight by its name
   * @param scope a recording one
   */
  LeafTensors(
      DecoderSpec spec,
      DecoderWeights weights,
      Function<String, PtNDArray> leaf,
      Torch.Scope scope) {
    this.spec = spec;
    this.weights = weights;
    this.leaf = leaf;
    this.scope = scope;
    this.blocks = IntStream.range(0, spec.layers()).mapToObj(this::assemble).toList();
  }

  private PtNDArray of(Weight weight) {
    return leaf.apply(weight.name());
  }

  private Block assemble(int layer) {
    Map<Part, Linear> linears = new EnumMap<>(Part.class);
    for (Map.Entry<Part, List<Part>> joint : Joint.of(spec, layer).entrySet()) {
      linears.put(joint.getKey(), joined(joint.getValue(), layer));
    }
    for (Part part : weights.linears(layer)) {
      linears.put(part, linear(weights.linear(part, layer), layer));
    }
    Map<Part, Norm> norms = new EnumMap<>(Part.class);
    for (Part part : DecoderTensors.NORMS) {
      weights.norm(part, layer).ifPresent(gain -> norms.put(part, norm(gain)));
    }
    for (Part part : DecoderTensors.HEAD_NORMS) {
      weights.headNorm(part, layer).ifPresent(gain -> norms.put(part, norm(gain)));
    }
    Map<Part, PtNDArray> vectors = new EnumMap<>(Part.class);
    for (Part part : List.of(Part.CURVE_ABOVE, Part.CURVE_BELOW)) {
      if (spec.has(part, layer)) {
        vectors.put(part, of(weights.vector(part, layer, 1)));
      }
    }
    return new Block(linears, norms, weights.sinks(layer).map(this::of), Optional.empty(), vectors);
  }

  private Linear linear(DecoderWeights.Linear linear, int layer) {
    return new Linear(linear.module(), matrix(linear, layer), linear.bias().map(this::of), false);
  }

  private PtNDArray matrix(DecoderWeights.Linear linear, int layer) {
    PtNDArray stored = of(linear.weight());
    return spec.block(layer).transposed() ? scope.call("turned", stored) : stored;
  }

  /** Linears of one input as one. */
  private Linear joined(List<Part> parts, int layer) {
    List<DecoderWeights.Linear> all = parts.stream().map(p -> weights.linear(p, layer)).toList();
    boolean biased = all.stream().anyMatch(linear -> linear.bias().isPresent());
    return new Linear(
        all.getFirst().module(),
        join(all.stream().map(linear -> matrix(linear, layer))),
        biased ? Optional.of(join(all.stream().map(this::bias))) : Optional.empty(),
        false);
  }

  private PtNDArray join(Stream<PtNDArray> parts) {
    return scope.call("join", (Object) parts.toArray(PtNDArray[]::new));
  }

  private PtNDArray bias(DecoderWeights.Linear linear) {
    return linear
        .bias()
        .map(this::of)
        .orElseGet(() -> scope.floats(new float[linear.out()], linear.out()));
  }

  private Norm norm(Gain gain) {
    PtNDArray stored = gain.kind().gained() ? of(gain.gain()) : ones(gain);
    double offset = gain.kind().gainOffset();
    PtNDArray shifted = offset == 0 ? stored : scope.call("shifted", stored, offset);
    return new Norm(gain.kind(), shifted, gain.bias().map(this::of));
  }

  private PtNDArray ones(Gain gain) {
    float[] ones = new float[Math.toIntExact(gain.gain().count())];
    Arrays.fill(ones, 1);
    return scope.floats(ones, ones.length);
  }

  /** None: models with several streams are not trained. */
  @Override
  public Optional<StreamMaps> streamMaps() {
    return Optional.empty();
  }

  /** None: models whose blocks have inputs of their own are not trained. */
  @Override
  public Optional<InputTables> inputTables() {
    return Optional.empty();
  }

  @Override
  public Optional<Norm> embeddingNorm() {
    return weights.embeddingNorm().map(this::norm);
  }

  @Override
  public PtNDArray embedding() {
    return of(weights.embedding());
  }

  @Override
  public Optional<PtNDArray> positions() {
    return weights.positions().map(this::of);
  }

  @Override
  public Block block(int layer) {
    return blocks.get(layer);
  }

  @Override
  public Norm finalNorm() {
    return norm(weights.finalNorm());
  }

  @Override
  public Optional<Head> head() {
    return weights
        .head()
        .map(
            stored ->
                new Head(
                    stored.tied() ? embedding() : of(stored.weight()),
                    stored.bias().map(this::of)));
  }
}
