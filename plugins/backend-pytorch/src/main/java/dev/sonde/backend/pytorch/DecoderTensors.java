package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.formats.huggingface.AttentionSpec;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.DecoderWeights;
import dev.sonde.formats.huggingface.DecoderWeights.Gain;
import dev.sonde.formats.huggingface.ExpertWeights;
import dev.sonde.formats.huggingface.Part;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The weights of a decoder as tensors over the mapped file; those not stored in float32 copied, and
 * where linears run in bfloat16 theirs rounded to it.
 */
final class DecoderTensors implements Parameters {
  /** Norms over the residual stream. */
  static final List<Part> NORMS =
      List.of(
          Part.ATTENTION_NORM,
          Part.ATTENTION_POST_NORM,
          Part.MLP_NORM,
          Part.MLP_POST_NORM,
          Part.LAUREL_NORM,
          Part.ALTUP_ROUTER_NORM,
          Part.PER_LAYER_NORM,
          Part.EXPERTS_NORM,
          Part.EXPERTS_POST_NORM,
          Part.BESIDE_POST_NORM);

  /** Norms over queries or keys. */
  static final List<Part> HEAD_NORMS = List.of(Part.QUERY_NORM, Part.KEY_NORM);

  /** Norms over what latent attention keeps. */
  private static final List<Part> NARROW_NORMS =
      List.of(Part.QUERY_DOWN_NORM, Part.KEY_VALUE_DOWN_NORM);

  /** Which experts are chosen, and how fast a state fades, must not hang on rounding. */
  private static final Set<Part> NEVER_ROUNDED =
      Set.of(Part.ROUTER, Part.SHARED_SHARE, Part.DELTA_RATES, Part.DELTA_WRITE, Part.DELTA_FADE);

  private final DecoderSpec spec;
  private final DecoderWeights weights;
  private final WeightTensors tensors;
  private final boolean bfloat16;
  private final PtNDArray embedding;
  private final Optional<Norm> embeddingNorm;
  private final Optional<PtNDArray> positions;
  private final List<Block> blocks;
  private final Norm finalNorm;
  private final Optional<StreamMaps> streamMaps;
  private final Optional<InputTables> inputTables;
  private final Optional<Head> head;

  DecoderTensors(DecoderSpec spec, DecoderWeights weights, Torch.Scope scope, boolean bfloat16) {
    this.spec = spec;
    this.weights = weights;
    this.tensors = new WeightTensors(scope, bfloat16);
    this.bfloat16 = bfloat16;
    this.embedding = tensors.of(weights.embedding());
    this.embeddingNorm = weights.embeddingNorm().map(this::norm);
    this.positions = weights.positions().map(tensors::of);
    this.blocks = IntStream.range(0, spec.layers()).mapToObj(this::readBlock).toList();
    this.finalNorm = norm(weights.finalNorm());
    this.streamMaps =
        spec.altUp().map(a -> new StreamMaps(maps(Part.ALTUP_IN), maps(Part.ALTUP_OUT)));
    this.inputTables =
        spec.perLayer()
            .map(
                p ->
                    new InputTables(
                        weights.perLayerEmbedding(),
                        tensors.of(weights.perLayerProjection()),
                        norm(weights.perLayerNorm())));
    this.head =
        weights
            .head()
            .map(
                stored ->
                    new Head(
                        stored.tied() ? embedding : tensors.of(stored.weight()),
                        stored.bias().map(tensors::of)));
  }

  private List<PtNDArray> maps(Part part) {
    return weights.streamMaps(part).stream().map(tensors::of).toList();
  }

  private Block readBlock(int layer) {
    Map<Part, Linear> linears = new EnumMap<>(Part.class);
    for (Map.Entry<Part, List<Part>> joint : Joint.of(spec, layer).entrySet()) {
      linears.putAll(tensors.joined(joint.getKey(), joint.getValue(), layer, weights));
    }
    for (Part part : weights.linears(layer)) {
      if (!linears.containsKey(part)) {
        DecoderWeights.Linear linear = weights.linear(part, layer);
        boolean narrow = bfloat16 && !NEVER_ROUNDED.contains(part);
        PtNDArray matrix = narrow ? tensors.narrow(linear.weight()) : tensors.of(linear.weight());
        linears.put(
            part, new Linear(linear.module(), matrix, linear.bias().map(tensors::of), narrow));
      }
    }
    return new Block(
        linears,
        norms(layer),
        weights.sinks(layer).map(tensors::of),
        experts(layer),
        vectors(layer));
  }

  private Map<Part, Norm> norms(int layer) {
    Map<Part, Norm> norms = new EnumMap<>(Part.class);
    for (Part part : NORMS) {
      weights.norm(part, layer).ifPresent(gain -> norms.put(part, norm(gain)));
    }
    if (spec.block(layer).mixer() instanceof AttentionSpec) {
      for (Part part : HEAD_NORMS) {
        weights.headNorm(part, layer).ifPresent(gain -> norms.put(part, norm(gain)));
      }
      for (Part part : NARROW_NORMS) {
        weights.narrowNorm(part, layer).ifPresent(gain -> norms.put(part, norm(gain)));
      }
    }
    if (spec.has(Part.STATE_NORM, layer)) {
      norms.put(Part.STATE_NORM, norm(weights.stateNorm(layer)));
    }
    return norms;
  }

  private Optional<Experts> experts(int layer) {
    if (spec.block(layer).experts().isEmpty()) {
      return Optional.empty();
    }
    ExpertWeights stored = weights.experts(layer);
    return Optional.of(
        new Experts(
            stored.layout(),
            tensors.of(stored.gateAndUp()),
            stored.gateAndUpBias().map(tensors::of),
            tensors.of(stored.down()),
            stored.downBias().map(tensors::of)));
  }

  /** What is neither a linear nor a norm. */
  private Map<Part, PtNDArray> vectors(int layer) {
    Map<Part, PtNDArray> vectors = new EnumMap<>(Part.class);
    weights
        .routerCorrection(layer)
        .ifPresent(w -> vectors.put(Part.ROUTER_CORRECTION, tensors.of(w)));
    for (Part part : List.of(Part.CURVE_ABOVE, Part.CURVE_BELOW)) {
      if (spec.has(part, layer)) {
        vectors.put(part, tensors.of(weights.vector(part, layer, 1)));
      }
    }
    for (Part part : List.of(Part.ALTUP_ROUTER, Part.ALTUP_PREDICTION, Part.ALTUP_CORRECTION)) {
      if (spec.has(part, layer)) {
        vectors.put(part, tensors.of(weights.streamMixing(part, layer)));
      }
    }
    for (Part part : List.of(Part.ALTUP_SCALE, Part.ROUTER_SCALE)) {
      if (spec.has(part, layer)) {
        vectors.put(part, tensors.of(weights.vector(part, layer, spec.width())));
      }
    }
    weights.expertScale(layer).ifPresent(w -> vectors.put(Part.EXPERT_SCALE, tensors.of(w)));
    if (spec.has(Part.BLOCK_SCALE, layer)) {
      vectors.put(Part.BLOCK_SCALE, tensors.of(weights.vector(Part.BLOCK_SCALE, layer, 1)));
    }
    if (spec.has(Part.CONVOLUTION, layer)) {
      DecoderWeights.Linear convolution = weights.convolution(layer);
      vectors.put(Part.CONVOLUTION, tensors.of(convolution.weight()));
      convolution.bias().ifPresent(bias -> vectors.put(Part.CONVOLUTION_BIAS, tensors.of(bias)));
    }
    for (Part part : List.of(Part.STATE_SPEED, Part.STATE_FADE_BIAS, Part.SPACE_SKIP)) {
      if (spec.has(part, layer)) {
        vectors.put(part, tensors.of(weights.ofStates(part, layer)));
      }
    }
    return vectors;
  }

  private Norm norm(Gain gain) {
    return new Norm(gain.kind(), tensors.shifted(gain), gain.bias().map(tensors::of));
  }

  @Override
  public PtNDArray embedding() {
    return embedding;
  }

  @Override
  public Optional<Norm> embeddingNorm() {
    return embeddingNorm;
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
  public Optional<StreamMaps> streamMaps() {
    return streamMaps;
  }

  @Override
  public Optional<InputTables> inputTables() {
    return inputTables;
  }

  @Override
  public Optional<Head> head() {
    return head;
  }
}
