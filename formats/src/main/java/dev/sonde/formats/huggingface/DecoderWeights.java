package dev.sonde.formats.huggingface;

import dev.sonde.formats.Weight;
import dev.sonde.formats.huggingface.AttentionSpec.Over;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The weights of a decoder by part, their shapes checked against its spec. */
public final class DecoderWeights {
  private final DecoderSpec spec;
  private final StoredWeights stored;
  private final LinearShapes shapes;

  DecoderWeights(DecoderSpec spec, StoredWeights stored) {
    this.spec = spec;
    this.stored = stored;
    this.shapes = new LinearShapes(spec);
  }

  /**
   * A linear map {@code y = W x + b}.
   *
   * @param module its Hugging Face name
   * @param out rows of W
   * @param in columns of W
   * @param weight W, {@code [out, in]}
   * @param bias b, where there is one
   */
  public record Linear(String module, int out, int in, Weight weight, Optional<Weight> bias) {}

  /**
   * The weights of a norm.
   *
   * @param kind the kind
   * @param gain as it is stored; {@link NormSpec#gainOffset} is to be added
   * @param bias where there is one
   */
  public record Gain(NormSpec kind, Weight gain, Optional<Weight> bias) {}

  /**
   * The unembedding.
   *
   * @param weight {@code [vocabulary, width]}
   * @param bias {@code [vocabulary]}, where there is one
   * @param tied whether the weight is the embedding
   */
  public record Head(Weight weight, Optional<Weight> bias, boolean tied) {}

  /** The linears of a block in the order in which it runs them. */
  public List<Part> linears(int layer) {
    return shapes.linears(layer);
  }

  /** A linear of a block. */
  public Linear linear(Part part, int layer) {
    ModuleNames module = spec.name(part, layer);
    int out = outWidth(part, layer);
    int in = inWidth(part, layer);
    Weight weight =
        spec.block(layer).transposed() && part != Part.ROUTER
            ? new TransposedWeight(stored.weight(module, ".weight", in, out))
            : stored.weight(module, ".weight", out, in);
    return new Linear(module.path(), out, in, weight, stored.optional(module, ".bias", out));
  }

  private AttentionSpec attention(int layer) {
    return spec.attention(layer)
        .orElseThrow(() -> new IllegalArgumentException("block " + layer + " has no attention"));
  }

  private DeltaNetSpec deltaNet(int layer) {
    return (DeltaNetSpec) spec.block(layer).mixer();
  }

  private AltUpSpec altUp() {
    return spec.altUp().orElseThrow();
  }

  private PerLayerSpec perLayer() {
    return spec.perLayer().orElseThrow();
  }

  private ExpertsSpec expertsSpec(int layer) {
    return spec.block(layer).experts().orElseThrow();
  }

  /** Width of what a linear gives. */
  public int outWidth(Part part, int layer) {
    return shapes.outWidth(part, layer);
  }

  /** Width of what a linear takes. */
  public int inWidth(Part part, int layer) {
    return shapes.inWidth(part, layer);
  }

  /** A norm over the residual stream in a block, where it has one. */
  public Optional<Gain> norm(Part part, int layer) {
    return spec.has(part, layer)
        ? Optional.of(gain(spec.name(part, layer), spec.block(layer).norm(), spec.width()))
        : Optional.empty();
  }

  /** The norm of queries or keys, where there is one; see {@link AttentionSpec.QueryKeyNorm}. */
  public Optional<Gain> headNorm(Part part, int layer) {
    AttentionSpec attention = attention(layer);
    boolean none = part == Part.KEY_NORM && attention.keysOf().isPresent();
    if (none || attention.queryKeyNorm().isEmpty()) {
      return Optional.empty();
    }
    AttentionSpec.QueryKeyNorm norm = attention.queryKeyNorm().get();
    int heads = part == Part.QUERY_NORM ? attention.heads() : attention.keyValueHeads();
    if (!norm.kind().gained()) {
      return Optional.of(bare(norm.kind(), attention.headWidth()));
    }
    ModuleNames module = spec.name(part, layer);
    if (norm.over() == Over.TOKEN) {
      return Optional.of(gain(module, norm.kind(), (long) heads * attention.headWidth()));
    }
    boolean own = stored.rank(module, ".weight") == 2;
    return Optional.of(
        own
            ? gain(module, norm.kind(), heads, attention.headWidth())
            : gain(module, norm.kind(), attention.headWidth()));
  }

  /** The norm of a narrow vector of latent attention, where there is one. */
  public Optional<Gain> narrowNorm(Part part, int layer) {
    return attention(layer)
        .latent()
        .filter(latent -> spec.has(part, layer))
        .map(
            latent ->
                gain(
                    spec.name(part, layer),
                    latent.norm(),
                    part == Part.QUERY_DOWN_NORM ? latent.queryRank() : latent.keyValueRank()));
  }

  /** The norm of what heads read of their states. */
  public Gain stateNorm(int layer) {
    ModuleNames name = spec.name(Part.STATE_NORM, layer);
    return spec.block(layer).mixer() instanceof StateSpaceSpec space
        ? gain(name, space.norm(), space.innerWidth())
        : gain(name, deltaNet(layer).norm(), deltaNet(layer).valueWidth());
  }

  /** A number for each head of a mixer that keeps states. */
  public Weight ofStates(Part part, int layer) {
    return vector(
        part,
        layer,
        spec.block(layer).mixer() instanceof StateSpaceSpec space
            ? space.heads()
            : deltaNet(layer).valueHeads());
  }

  private Gain gain(ModuleNames module, NormSpec kind, long... shape) {
    if (!kind.gained()) {
      return bare(kind, shape);
    }
    return new Gain(
        kind, stored.weight(module, ".weight", shape), stored.optional(module, ".bias", shape));
  }

  private static Gain bare(NormSpec kind, long... shape) {
    List<Long> sizes = Arrays.stream(shape).boxed().toList();
    return new Gain(kind, new ConstantWeight("", sizes, 1), Optional.empty());
  }

  /** The norm of the token embedding, where there is one. */
  public Optional<Gain> embeddingNorm() {
    return spec.has(Part.EMBEDDING_NORM)
        ? Optional.of(gain(spec.name(Part.EMBEDDING_NORM), spec.finalNorm(), spec.width()))
        : Optional.empty();
  }

  /** The norm before the unembedding. */
  public Gain finalNorm() {
    return gain(spec.name(Part.FINAL_NORM), spec.finalNorm(), spec.width());
  }

  /** Token embedding, {@code [vocabulary, width]}. */
  public Weight embedding() {
    return stored.weight(spec.name(Part.EMBEDDING), ".weight", spec.vocabulary(), spec.width());
  }

  /** Learned positions, {@code [positions, width]}, where there are any. */
  public Optional<Weight> positions() {
    long rows = (long) spec.longestContext() + spec.embedding().firstPosition();
    return spec.has(Part.POSITIONS)
        ? Optional.of(stored.weight(spec.name(Part.POSITIONS), ".weight", rows, spec.width()))
        : Optional.empty();
  }

  /**
   * The unembedding, where there is one: its own where the weights have one, else the embedding
   * where it is tied.
   */
  public Optional<Head> head() {
    ModuleNames module = spec.name(Part.HEAD);
    boolean own = stored.has(module, ".weight");
    Optional<Weight> bias = stored.optional(module, ".bias", spec.vocabulary());
    if (spec.head().tied() && !(own && headDiffers())) {
      return Optional.of(new Head(embedding(), bias, true));
    }
    return own
        ? Optional.of(
            new Head(
                stored.weight(module, ".weight", spec.vocabulary(), spec.width()), bias, false))
        : Optional.empty();
  }

  /** Whether config.json says that the unembedding is the embedding, and the weights differ. */
  boolean headDiffers() {
    ModuleNames head = spec.name(Part.HEAD);
    return spec.head().tied()
        && stored.has(head, ".weight")
        && stored.differ(head, spec.name(Part.EMBEDDING));
  }

  /** A vector of a block, stored without a module of its own. */
  public Weight vector(Part part, int layer, long... shape) {
    return stored.weight(spec.name(part, layer), "", shape);
  }

  /** One logit per head, where attention has sinks. */
  public Optional<Weight> sinks(int layer) {
    return spec.has(Part.SINKS, layer)
        ? Optional.of(vector(Part.SINKS, layer, attention(layer).heads()))
        : Optional.empty();
  }

  /** What is added to scores when experts are chosen, where anything is. */
  public Optional<Weight> routerCorrection(int layer) {
    return spec.has(Part.ROUTER_CORRECTION, layer)
        ? Optional.of(vector(Part.ROUTER_CORRECTION, layer, expertsSpec(layer).experts()))
        : Optional.empty();
  }

  /** Factors on the experts' weights, where there are any. */
  public Optional<Weight> expertScale(int layer) {
    return spec.has(Part.EXPERT_SCALE, layer)
        ? Optional.of(vector(Part.EXPERT_SCALE, layer, expertsSpec(layer).experts()))
        : Optional.empty();
  }

  /** The convolution of a block, {@code [channels, 1, length]}, and its bias. */
  public Linear convolution(int layer) {
    ModuleNames module = spec.name(Part.CONVOLUTION, layer);
    int channels;
    int length;
    switch (spec.block(layer).mixer()) {
      case ConvolutionSpec convolution -> {
        channels = spec.width();
        length = convolution.length();
      }
      case DeltaNetSpec net -> {
        channels = net.mixedWidth();
        length = net.length();
      }
      case StateSpaceSpec space -> {
        channels = space.mixedWidth();
        length = space.length();
      }
      case AttentionSpec attention ->
          throw new IllegalArgumentException("block " + layer + " has no convolution");
    }
    return new Linear(
        module.path(),
        channels,
        length,
        stored.weight(module, ".weight", channels, 1, length),
        stored.optional(module, ".bias", channels));
  }

  /** How a block mixes its streams, {@code [out, in]}. */
  public Weight streamMixing(Part part, int layer) {
    int streams = altUp().streams();
    ModuleNames name = spec.name(part, layer);
    return switch (part) {
      case ALTUP_ROUTER -> stored.weight(name, ".weight", streams, spec.width());
      case ALTUP_PREDICTION -> stored.weight(name, ".weight", (long) streams * streams, streams);
      case ALTUP_CORRECTION -> stored.weight(name, ".weight", streams, streams);
      default -> throw new IllegalArgumentException(part + " mixes no streams");
    };
  }

  /** Maps between the residual stream and the others, {@code [width, width]} each, in order. */
  public List<Weight> streamMaps(Part part) {
    ModuleNames name = spec.name(part);
    return IntStream.range(0, altUp().streams() - 1)
        .mapToObj(
            i -> stored.weight(name.with("{stream}", i), ".weight", spec.width(), spec.width()))
        .toList();
  }

  /** The table of the blocks' own inputs, {@code [vocabulary, blocks · width]}. */
  public Weight perLayerEmbedding() {
    long width = (long) spec.layers() * perLayer().width();
    return stored.weight(
        spec.name(Part.PER_LAYER_EMBEDDING), ".weight", perLayer().vocabulary(), width);
  }

  /** What the token embedding adds to them, {@code [blocks · width, width]}. */
  public Weight perLayerProjection() {
    long width = (long) spec.layers() * perLayer().width();
    return stored.weight(spec.name(Part.PER_LAYER_PROJECTION), ".weight", width, spec.width());
  }

  /** The norm of that, block by block. */
  public Gain perLayerNorm() {
    return gain(spec.name(Part.PER_LAYER_PROJECTION_NORM), spec.finalNorm(), perLayer().width());
  }

  /** The experts of a block. */
  public ExpertWeights experts(int layer) {
    return new ExpertWeights(spec, stored, layer);
  }

  /** The hook points that it has. */
  public HookSites hookSites() {
    return HookSites.of(spec, this);
  }

  /** What its user should know: what was guessed and what was left out. */
  List<String> remarks(Fields config) {
    List<String> remarks = new ArrayList<>();
    if (headDiffers()) {
      remarks.add(
          "%s: config.json says that the unembedding is the embedding (tie_word_embeddings), but '%s.weight' holds other numbers; it is used, as transformers 5 does"
              .formatted(stored.folder(), spec.name(Part.HEAD).path()));
    }
    if (head().isEmpty()) {
      remarks.add(
          "%s: the weights have no unembedding ('%s.weight'): logits, log-probabilities and generated text are not offered"
              .formatted(stored.folder(), spec.name(Part.HEAD).path()));
    }
    int drafting =
        config
            .optionalInteger("num_nextn_predict_layers")
            .or(() -> config.optionalInteger("num_mtp_layers"))
            .orElse(0);
    remarks.addAll(Leftovers.remarks(spec, stored, drafting));
    return remarks;
  }

  /** Number of weights of linears that a token is multiplied with in one block, on average. */
  public long usedByToken() {
    long all = 0;
    for (int layer = 0; layer < spec.layers(); layer++) {
      int block = layer;
      all +=
          linears(layer).stream()
              .mapToLong(p -> (long) inWidth(p, block) * outWidth(p, block))
              .sum();
      // gate, up and down of each expert that it is sent to
      all +=
          spec.block(layer)
              .experts()
              .map(e -> 3L * e.router().chosen() * e.width() * spec.width())
              .orElse(0L);
    }
    return all / spec.layers();
  }
}
