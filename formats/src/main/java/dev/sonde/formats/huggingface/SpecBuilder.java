package dev.sonde.formats.huggingface;

import dev.sonde.formats.huggingface.AttentionSpec.Fusion;
import dev.sonde.formats.huggingface.AttentionSpec.Over;
import dev.sonde.formats.huggingface.DecoderSpec.EmbeddingSpec;
import dev.sonde.formats.huggingface.DecoderSpec.HeadSpec;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** A spec that begins as Llama and is told how a family differs. */
final class SpecBuilder {
  static final String SLIDING = "sliding_attention";
  static final String FULL = "full_attention";

  /** Some ten times the deepest models there are; every block takes memory before any weight. */
  private static final int MOST_LAYERS = 2_000;

  /** Some hundred times the widest models there are, and few enough for sums of some widths. */
  static final int MOST_WIDTH = 1 << 24;

  private final Fields config;
  private final Map<Part, ModuleNames> outside = new EnumMap<>(Part.class);
  private final List<BlockBuilder> blocks;
  private final int width;
  private final int heads;
  private final int headWidth;
  private String base = "model.";
  private String block = "layers.%d.";
  private NormSpec norm;
  private Optional<NormSpec> finalNorm = Optional.empty();
  private double embeddingScale = 1;
  private int firstPosition;
  private double logitScale = 1;
  private double logitCap;
  private boolean tiedByDefault;
  private Optional<PerLayerSpec> perLayer = Optional.empty();
  private Optional<AltUpSpec> altUp = Optional.empty();
  private RotaryReader.Usual rotary;
  private final Map<String, Supplier<Rotary>> ofKind = new HashMap<>();
  private final Map<String, Integer> widths = new HashMap<>();

  SpecBuilder(Fields config) {
    this.config = config;
    int layers = config.size("num_hidden_layers", MOST_LAYERS);
    this.width = config.size("hidden_size", MOST_WIDTH);
    this.heads = config.size("num_attention_heads", MOST_WIDTH);
    int keyValueHeads = config.sizeOrNone("num_key_value_heads", heads, heads, MOST_WIDTH);
    if (heads % keyValueHeads != 0) {
      throw config.problem("num_key_value_heads", "does not divide num_attention_heads");
    }
    int share = Math.max(1, width / heads);
    this.headWidth = config.sizeOrNone("head_dim", share, share, MOST_WIDTH / heads);
    this.norm = NormSpec.rms(config.real("rms_norm_eps", 1e-6));
    this.rotary = RotaryReader.Usual.LLAMA.width(headWidth);
    int usual = 4 * width;
    int mlpWidth = config.sizeOrNone("intermediate_size", usual, usual, 4 * MOST_WIDTH);
    this.blocks =
        IntStream.range(0, layers)
            .mapToObj(l -> new BlockBuilder(heads, keyValueHeads, headWidth, mlpWidth, norm))
            .toList();
    outside(Part.EMBEDDING, "model.embed_tokens");
    outside(Part.FINAL_NORM, "model.norm");
    outside(Part.HEAD, "lm_head");
    if (config.has("hidden_act")) {
      activation("hidden_act", "silu");
    }
  }

  int layers() {
    return blocks.size();
  }

  int width() {
    return width;
  }

  int heads() {
    return heads;
  }

  int headWidth() {
    return headWidth;
  }

  /** Tells every block. */
  SpecBuilder each(Consumer<BlockBuilder> told) {
    blocks.forEach(told);
    return this;
  }

  /** Tells some blocks, by their 0-based number. */
  SpecBuilder each(IntPredicate which, Consumer<BlockBuilder> told) {
    IntStream.range(0, layers()).filter(which).mapToObj(blocks::get).forEach(told);
    return this;
  }

  SpecBuilder activation(String field, String absent) {
    Activation kind = Activation.of(config, field, absent);
    return each(b -> b.activation(kind));
  }

  /** What the modules of a model are called outside and inside the blocks. */
  SpecBuilder base(String prefix, String blockPattern) {
    base = prefix;
    block = blockPattern;
    return this;
  }

  SpecBuilder name(Part part, String module, String... stored) {
    return each(b -> b.name(part, module, stored));
  }

  SpecBuilder outside(Part part, String module, String... stored) {
    outside.put(part, ModuleNames.of(module, stored));
    return this;
  }

  SpecBuilder without(Part... parts) {
    return each(b -> b.without(parts));
  }

  SpecBuilder fused(Fusion order, String module) {
    return each(b -> b.fused(order, module));
  }

  /** The kind of all norms over the residual stream. */
  SpecBuilder norm(NormSpec kind) {
    norm = kind;
    return each(b -> b.norm(kind));
  }

  SpecBuilder norm(UnaryOperator<NormSpec> other) {
    return norm(other.apply(norm));
  }

  NormSpec norm() {
    return norm;
  }

  SpecBuilder finalNorm(NormSpec kind) {
    finalNorm = Optional.of(kind);
    return this;
  }

  SpecBuilder queryKeyNorm(Over over) {
    return each(b -> b.queryKeyNorm(over, "self_attn.q_norm", "self_attn.k_norm"));
  }

  SpecBuilder scale(double factor) {
    return each(b -> b.scale(factor));
  }

  SpecBuilder logitCap(Optional<Double> bound) {
    logitCap = bound.orElse(0.0);
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

  SpecBuilder firstPosition(int row) {
    firstPosition = row;
    return this;
  }

  SpecBuilder perLayer(PerLayerSpec inputs) {
    perLayer = Optional.of(inputs);
    return this;
  }

  SpecBuilder altUp(AltUpSpec streams) {
    altUp = Optional.of(streams);
    return this;
  }

  SpecBuilder tiedByDefault() {
    tiedByDefault = true;
    return this;
  }

  SpecBuilder parallel() {
    return each(BlockBuilder::parallel);
  }

  SpecBuilder unrotated() {
    return each(BlockBuilder::unrotated);
  }

  /** Every block sees so many keys. */
  SpecBuilder window(Optional<Integer> keys) {
    return each(b -> b.window(keys.orElse(0)));
  }

  /** Some blocks see so many keys, as {@code layer_types} says where it stands in the file. */
  SpecBuilder windows(Optional<Integer> keys, IntPredicate usual) {
    kinds(layer -> usual.test(layer) ? SLIDING : FULL);
    return each(b -> b.window(b.kind().equals(SLIDING) ? keys.orElse(0) : 0));
  }

  /** What each block is, as {@code layer_types} says where it stands in the file. */
  SpecBuilder kinds(java.util.function.IntFunction<String> usual) {
    List<String> given = config.texts("layer_types");
    if (!given.isEmpty() && given.size() < layers()) {
      throw config.problem(
          "layer_types", "must name the kind of each of %d blocks".formatted(layers()));
    }
    for (int layer = 0; layer < layers(); layer++) {
      blocks.get(layer).kind(given.isEmpty() ? usual.apply(layer) : given.get(layer));
    }
    return this;
  }

  /** The kind of a block. */
  String kind(int layer) {
    return blocks.get(layer).kind();
  }

  /** What rotary embeddings are where the file does not say. */
  SpecBuilder rotary(UnaryOperator<RotaryReader.Usual> differing) {
    rotary = differing.apply(rotary);
    return this;
  }

  /** How blocks of a kind turn where the file does not keep kinds apart. */
  SpecBuilder rotary(String kind, Supplier<Rotary> legacy) {
    ofKind.put(kind, legacy);
    return this;
  }

  /** How much of a head turns in blocks of a kind whose heads have a width of their own. */
  SpecBuilder rotaryWidth(String kind, int width) {
    widths.put(kind, width);
    return this;
  }

  RotaryReader rotaryReader() {
    return new RotaryReader(config, rotary);
  }

  DecoderSpec build() {
    if (!config.flag("is_causal", true)) {
      // Without the flag windows end with the query; with it they reach as far to both sides.
      each(b -> b.symmetric().window(b.window() > 0 ? b.window() + 1 : 0));
    }
    List<BlockSpec> built = new ArrayList<>();
    turn();
    blocks.forEach(b -> built.add(b.build(base + block)));
    return new DecoderSpec(
        config.text("model_type", ""),
        width,
        config.integer("vocab_size"),
        longestContext(),
        new EmbeddingSpec(embeddingScale, firstPosition),
        built,
        perLayer,
        altUp,
        finalNorm.orElse(norm),
        new HeadSpec(config.flag("tie_word_embeddings", tiedByDefault), logitScale, logitCap),
        outside);
  }

  private void turn() {
    Map<String, Rotary> found = new HashMap<>();
    Optional<RotaryReader> reader = Optional.empty();
    for (BlockBuilder each : blocks) {
      if (each.needsRotary()) {
        RotaryReader file = reader.orElseGet(this::rotaryReader);
        reader = Optional.of(file);
        if (file.isUnrotated(each.kind())) {
          each.unrotated();
        } else {
          each.rotary(found.computeIfAbsent(each.kind(), kind -> rotary(file, kind)));
        }
      }
    }
  }

  private Rotary rotary(RotaryReader file, String kind) {
    Supplier<Rotary> legacy = ofKind.getOrDefault(kind, file::shared);
    RotaryReader own =
        widths.containsKey(kind) ? new RotaryReader(config, rotary.width(widths.get(kind))) : file;
    return own.ofKind(kind).orElseGet(legacy);
  }

  /** Frequencies that follow the length, or are slowed, may reach further than the field says. */
  private int longestContext() {
    int trained = config.integer("max_position_embeddings", 2048);
    boolean turns =
        blocks.stream().anyMatch(b -> !b.needsRotary()) && !outside.containsKey(Part.POSITIONS);
    double factor = turns && ofKind.isEmpty() ? rotaryReader().lengthening() : 1;
    return (int) Math.min(Integer.MAX_VALUE, trained * factor);
  }
}
