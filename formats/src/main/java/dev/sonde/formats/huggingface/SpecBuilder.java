package dev.sonde.formats.huggingface;

import dev.sonde.formats.huggingface.DecoderSpec.Activation;
import dev.sonde.formats.huggingface.DecoderSpec.Attention;
import dev.sonde.formats.huggingface.DecoderSpec.Fusion;
import dev.sonde.formats.huggingface.DecoderSpec.Mlp;
import dev.sonde.formats.huggingface.DecoderSpec.Norm;
import dev.sonde.formats.huggingface.DecoderSpec.QueryKeyNorm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** A spec that begins as Llama and is told how a family differs. */
final class SpecBuilder {
  /** Some ten times the deepest models there are; every block takes memory before any weight. */
  private static final int MOST_LAYERS = 2_000;

  /** Some hundred times the widest models there are, and few enough for sums of some widths. */
  private static final int MOST_WIDTH = 1 << 24;

  private final Fields config;
  private final Map<Part, String> inBlock = new EnumMap<>(Part.class);
  private final Map<Part, String> outside = new EnumMap<>(Part.class);
  private final int layers;
  private final int width;
  private final int heads;
  private final int keyValueHeads;
  private final int headWidth;
  private String base = "model.";
  private String block = "layers.%d.";
  private Norm norm;
  private Activation activation;
  private double scale;
  private double cap;
  private boolean scaledByDepth;
  private double embeddingScale = 1;
  private double logitScale = 1;
  private double logitCap;
  private boolean tiedByDefault;
  private boolean parallel;
  private boolean transposed;
  private boolean interleaved;
  private boolean rotated = true;
  private double rotaryBase = 10_000;
  private double rotaryShare = 1;
  private Fusion fusion = Fusion.STACKED;
  private QueryKeyNorm queryKeyNorm = QueryKeyNorm.NONE;
  private List<Integer> windows;
  private Optional<List<Optional<Rotary>>> slidingAndFull = Optional.empty();
  private int experts;
  private int chosen;
  private double limit;
  private double slope;

  SpecBuilder(Fields config) {
    this.config = config;
    this.layers = config.size("num_hidden_layers", MOST_LAYERS);
    this.width = config.size("hidden_size", MOST_WIDTH);
    this.heads = config.size("num_attention_heads", MOST_WIDTH);
    this.keyValueHeads = config.size("num_key_value_heads", heads, MOST_WIDTH);
    if (heads % keyValueHeads != 0) {
      throw config.problem("num_key_value_heads", "does not divide num_attention_heads");
    }
    this.headWidth = config.size("head_dim", width / heads, MOST_WIDTH / heads);
    this.norm = new Norm(false, config.real("rms_norm_eps", 1e-6), 0);
    this.activation = Activation.SILU;
    this.windows = IntStream.range(0, layers).mapToObj(layer -> 0).toList();
    outside.put(Part.EMBEDDING, "model.embed_tokens");
    outside.put(Part.FINAL_NORM, "model.norm");
    outside.put(Part.HEAD, "lm_head");
    inBlock.put(Part.ATTENTION_NORM, "input_layernorm");
    inBlock.put(Part.QUERY, "self_attn.q_proj");
    inBlock.put(Part.KEY, "self_attn.k_proj");
    inBlock.put(Part.VALUE, "self_attn.v_proj");
    inBlock.put(Part.OUTPUT, "self_attn.o_proj");
    inBlock.put(Part.MLP_NORM, "post_attention_layernorm");
    inBlock.put(Part.GATE, "mlp.gate_proj");
    inBlock.put(Part.UP, "mlp.up_proj");
    inBlock.put(Part.DOWN, "mlp.down_proj");
    activationField("hidden_act", "silu");
  }

  SpecBuilder activationField(String name, String absent) {
    activation = Families.activation(config, name, absent);
    return this;
  }

  /** What the modules of a model are called outside and inside the blocks. */
  SpecBuilder base(String prefix, String blockPattern) {
    base = prefix;
    block = blockPattern;
    return this;
  }

  SpecBuilder name(Part part, String module) {
    inBlock.put(part, module);
    return this;
  }

  SpecBuilder outside(Part part, String module) {
    outside.put(part, module);
    return this;
  }

  SpecBuilder without(Part... parts) {
    Arrays.asList(parts).forEach(inBlock::remove);
    return this;
  }

  SpecBuilder fused(Fusion order, String module) {
    fusion = order;
    return without(Part.QUERY, Part.KEY, Part.VALUE).name(Part.QUERY_KEY_VALUE, module);
  }

  SpecBuilder centred(double epsilon) {
    norm = new Norm(true, epsilon, 0);
    return this;
  }

  SpecBuilder gainOffset(double offset) {
    norm = new Norm(norm.centred(), norm.epsilon(), offset);
    return this;
  }

  SpecBuilder queryKeyNorm(QueryKeyNorm over) {
    queryKeyNorm = over;
    return this;
  }

  /** The factor on scores; 0 is the usual {@code 1 / sqrt(d_head)}. */
  SpecBuilder scale(double factor) {
    scale = factor;
    return this;
  }

  SpecBuilder scaledByDepth(boolean divided) {
    scaledByDepth = divided;
    return this;
  }

  SpecBuilder cap(double bound) {
    cap = bound;
    return this;
  }

  SpecBuilder logitCap(double bound) {
    logitCap = bound;
    return this;
  }

  SpecBuilder logitScale(double factor) {
    logitScale = factor;
    return this;
  }

  SpecBuilder embeddingScale(double factor) {
    embeddingScale = factor;
    return this;
  }

  SpecBuilder tiedByDefault() {
    tiedByDefault = true;
    return this;
  }

  SpecBuilder parallel() {
    parallel = true;
    return this;
  }

  SpecBuilder transposed() {
    transposed = true;
    return this;
  }

  SpecBuilder interleaved() {
    interleaved = true;
    return this;
  }

  SpecBuilder unrotated() {
    rotated = false;
    return this;
  }

  /** Every block sees so many keys; 0 is all. */
  SpecBuilder window(int keys) {
    windows = IntStream.range(0, layers).mapToObj(layer -> keys).toList();
    return this;
  }

  /** Some blocks see so many keys, as {@code layer_types} says where it stands in the file. */
  SpecBuilder windows(int keys, IntPredicate usual) {
    List<String> kinds = config.texts("layer_types");
    if (!kinds.isEmpty() && kinds.size() != layers) {
      throw config.problem(
          "layer_types", "must name the kind of each of %d blocks".formatted(layers));
    }
    IntPredicate slides =
        kinds.isEmpty() ? usual : layer -> kinds.get(layer).equals("sliding_attention");
    windows = IntStream.range(0, layers).mapToObj(l -> slides.test(l) ? keys : 0).toList();
    return this;
  }

  /** Sliding and full blocks turn differently. */
  SpecBuilder rotary(Rotary sliding, Rotary full) {
    slidingAndFull = Optional.of(List.of(Optional.of(sliding), Optional.of(full)));
    return this;
  }

  /** Sliding blocks turn, full ones know no positions. */
  SpecBuilder rotary(Rotary sliding) {
    slidingAndFull = Optional.of(List.of(Optional.of(sliding), Optional.empty()));
    return this;
  }

  SpecBuilder experts(int count, int chosenPerToken) {
    experts = count;
    chosen = chosenPerToken;
    activation = Activation.CLAMPED_SWIGLU;
    limit = config.real("swiglu_limit", 7);
    slope = config.real("swiglu_alpha", 1.702);
    return this;
  }

  /** The base where the file does not say. */
  SpecBuilder rotaryBase(double base) {
    rotaryBase = base;
    return this;
  }

  /** How much of each head turns, scaled or not. */
  SpecBuilder rotaryShare(double share) {
    rotaryShare = share;
    return this;
  }

  RotaryReader rotaryReader() {
    return new RotaryReader(config, headWidth, interleaved, rotaryBase, rotaryShare);
  }

  DecoderSpec build() {
    Attention attention =
        new Attention(
            heads,
            keyValueHeads,
            headWidth,
            scale == 0 ? 1 / Math.sqrt(headWidth) : scale,
            scaledByDepth,
            cap,
            fusion,
            queryKeyNorm,
            windows,
            rotary());
    int mlpWidth = config.size("intermediate_size", 4 * width, 4 * MOST_WIDTH);
    return new DecoderSpec(
        config.text("model_type", ""),
        layers,
        width,
        config.integer("vocab_size"),
        longestContext(),
        embeddingScale,
        norm,
        attention,
        new Mlp(activation, mlpWidth, experts, chosen, limit, slope),
        parallel,
        logitScale,
        logitCap,
        config.flag("tie_word_embeddings", tiedByDefault),
        transposed,
        names());
  }

  /** Frequencies that follow the length reach further than the trained context. */
  private int longestContext() {
    int trained = config.integer("max_position_embeddings", 2048);
    double factor = rotated ? rotaryReader().dynamicFactor() : 1;
    return (int) Math.min(Integer.MAX_VALUE, trained * factor);
  }

  private List<Optional<Rotary>> rotary() {
    List<Optional<Rotary>> perLayer = new ArrayList<>();
    Optional<Rotary> shared =
        rotated && slidingAndFull.isEmpty()
            ? Optional.of(rotaryReader().shared())
            : Optional.empty();
    for (int layer = 0; layer < layers; layer++) {
      int kind = windows.get(layer) > 0 ? 0 : 1;
      perLayer.add(slidingAndFull.isPresent() ? slidingAndFull.get().get(kind) : shared);
    }
    return perLayer;
  }

  private Map<Part, String> names() {
    Map<Part, String> all = new EnumMap<>(outside);
    inBlock.forEach((part, module) -> all.put(part, base + block + module));
    return all;
  }
}
