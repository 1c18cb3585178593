package dev.sonde.formats.huggingface;

import dev.sonde.formats.Weight;
import dev.sonde.formats.huggingface.DecoderSpec.Attention;
import dev.sonde.formats.huggingface.DecoderSpec.QueryKeyNorm;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The weights of a decoder by part, their shapes checked against its spec. */
public final class DecoderWeights {
  private static final List<Part> LINEARS =
      List.of(
          Part.QUERY,
          Part.KEY,
          Part.VALUE,
          Part.QUERY_KEY_VALUE,
          Part.OUTPUT,
          Part.ROUTER,
          Part.GATE,
          Part.UP,
          Part.GATE_UP,
          Part.DOWN);

  private final DecoderSpec spec;
  private final ModelFolder folder;

  DecoderWeights(DecoderSpec spec, ModelFolder folder) {
    this.spec = spec;
    this.folder = folder;
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
   * @param gain as it is stored; {@link DecoderSpec.Norm#gainOffset} is to be added
   * @param bias where there is one
   */
  public record Gain(Weight gain, Optional<Weight> bias) {}

  /** The linears of a block in the order in which it runs them. */
  public List<Part> linears() {
    return LINEARS.stream().filter(spec::has).toList();
  }

  /** A linear of a block. */
  public Linear linear(Part part, int layer) {
    String module = spec.name(part, layer);
    int out = outWidth(part);
    int in = inWidth(part);
    Weight weight =
        spec.transposed() && part != Part.ROUTER
            ? new TransposedWeight(folder.weight(module + ".weight", in, out))
            : folder.weight(module + ".weight", out, in);
    return new Linear(module, out, in, weight, folder.optionalWeight(module + ".bias", out));
  }

  /** Width of what a linear gives. */
  public int outWidth(Part part) {
    Attention attention = spec.attention();
    return switch (part) {
      case QUERY -> attention.queryWidth();
      case KEY, VALUE -> attention.keyWidth();
      case QUERY_KEY_VALUE -> attention.queryWidth() + 2 * attention.keyWidth();
      case GATE, UP -> spec.mlp().width();
      case GATE_UP -> 2 * spec.mlp().width();
      case ROUTER -> spec.mlp().experts();
      case OUTPUT, DOWN -> spec.width();
      default -> throw new IllegalArgumentException(part + " is no linear of a block");
    };
  }

  /** Width of what a linear takes. */
  public int inWidth(Part part) {
    return switch (part) {
      case OUTPUT -> spec.attention().queryWidth();
      case DOWN -> spec.mlp().width();
      default -> spec.width();
    };
  }

  /** A norm over the residual stream in a block, where it has one. */
  public Optional<Gain> norm(Part part, int layer) {
    return spec.has(part)
        ? Optional.of(gain(spec.name(part, layer), spec.width()))
        : Optional.empty();
  }

  /** The norm of queries or keys, where there is one; see {@link QueryKeyNorm}. */
  public Optional<Gain> headNorm(Part part, int layer) {
    if (!spec.has(part)) {
      return Optional.empty();
    }
    Attention attention = spec.attention();
    int heads = part == Part.QUERY_NORM ? attention.heads() : attention.keyValueHeads();
    String module = spec.name(part, layer);
    if (attention.queryKeyNorm() == QueryKeyNorm.WHOLE) {
      return Optional.of(gain(module, (long) heads * attention.headWidth()));
    }
    boolean own = folder.rank(module + ".weight") == 2;
    return Optional.of(
        own ? gain(module, heads, attention.headWidth()) : gain(module, attention.headWidth()));
  }

  private Gain gain(String module, long... shape) {
    return new Gain(
        folder.weight(module + ".weight", shape), folder.optionalWeight(module + ".bias", shape));
  }

  /** The norm before the unembedding. */
  public Gain finalNorm() {
    return gain(spec.name(Part.FINAL_NORM), spec.width());
  }

  /** Token embedding, {@code [vocabulary, width]}. */
  public Weight embedding() {
    return folder.weight(spec.name(Part.EMBEDDING) + ".weight", spec.vocabulary(), spec.width());
  }

  /** Learned positions, {@code [positions, width]}, where there are any. */
  public Optional<Weight> positions() {
    return spec.has(Part.POSITIONS)
        ? Optional.of(
            folder.weight(
                spec.name(Part.POSITIONS) + ".weight", spec.longestContext(), spec.width()))
        : Optional.empty();
  }

  /** Unembedding, {@code [vocabulary, width]}; the embedding where it is tied. */
  public Weight head() {
    return spec.tiedHead()
        ? embedding()
        : folder.weight(spec.name(Part.HEAD) + ".weight", spec.vocabulary(), spec.width());
  }

  /** One logit per head, where attention has sinks. */
  public Optional<Weight> sinks(int layer) {
    return spec.has(Part.SINKS)
        ? Optional.of(folder.weight(spec.name(Part.SINKS, layer), spec.attention().heads()))
        : Optional.empty();
  }

  /**
   * The experts of a block: gate and up interleaved {@code [experts, width, 2 · f]} and its bias,
   * down {@code [experts, f, width]} and its bias.
   */
  public List<Weight> experts(int layer) {
    long count = spec.mlp().experts();
    long inner = spec.mlp().width();
    String gateUp = spec.name(Part.EXPERTS_GATE_UP, layer);
    String down = spec.name(Part.EXPERTS_DOWN, layer);
    return List.of(
        expert(gateUp, count, spec.width(), 2 * inner),
        folder.weight(gateUp + "_bias", count, 2 * inner),
        expert(down, count, inner, spec.width()),
        folder.weight(down + "_bias", count, spec.width()));
  }

  /** Stored plainly, or as MXFP4 blocks and scales of the transposed matrix. */
  private Weight expert(String name, long count, long in, long out) {
    if (folder.has(name)) {
      return folder.weight(name, count, in, out);
    }
    long blocks = in / Mxfp4Weight.BLOCK;
    return new Mxfp4Weight(
        folder.bytes(name + "_blocks", count, out, blocks, Mxfp4Weight.BLOCK / 2),
        folder.bytes(name + "_scales", count, out, blocks));
  }

  /**
   * The hook points that it has, by their names without the block, with the numbers in a row of
   * each; 0 where rows differ.
   */
  public Map<String, Integer> siteWidths() {
    return HookSites.of(spec, this);
  }

  /** Number of weights of linears that a token is multiplied with in one block. */
  public long usedByToken() {
    long linears = linears().stream().mapToLong(p -> (long) inWidth(p) * outWidth(p)).sum();
    // gate, up and down of each expert that it is sent to
    return linears + 3L * spec.mlp().chosen() * spec.mlp().width() * spec.width();
  }
}
