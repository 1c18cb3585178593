package dev.sonde.formats.huggingface;

import dev.sonde.formats.huggingface.AttentionSpec.Fusion;
import dev.sonde.formats.huggingface.AttentionSpec.Gate;
import dev.sonde.formats.huggingface.AttentionSpec.Latent;
import dev.sonde.formats.huggingface.AttentionSpec.Over;
import dev.sonde.formats.huggingface.AttentionSpec.QueryKeyNorm;
import dev.sonde.formats.huggingface.AttentionSpec.Sight;
import dev.sonde.formats.huggingface.AttentionSpec.Temperature;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One block, which begins as Llama's and is told how a family differs. */
final class BlockBuilder {
  private final Map<Part, ModuleNames> names = new EnumMap<>(Part.class);
  private int heads;
  private int keyValueHeads;
  private int headWidth;
  private int valueWidth;
  private double scale;
  private double cap;
  private Fusion fusion = Fusion.STACKED;
  private Optional<Latent> latent = Optional.empty();
  private Optional<Over> normOver = Optional.empty();
  private Optional<NormSpec> headNorm = Optional.empty();
  private boolean afterRotation;
  private Optional<NormSpec> valueNorm = Optional.empty();
  private double clip;
  private Gate gate = Gate.NONE;
  private String kind = SpecBuilder.FULL;
  private Sight sight = Sight.CAUSAL;
  private boolean rotated = true;
  private Optional<Rotary> rotary = Optional.empty();
  private List<Float> slopes = List.of();
  private Optional<Temperature> temperature = Optional.empty();
  private Optional<Integer> keysOf = Optional.empty();
  private Optional<MixerSpec> mixer = Optional.empty();
  private Activation activation = Activation.SILU;
  private int mlpWidth;
  private double cut = Double.NEGATIVE_INFINITY;
  private Optional<ExpertsSpec> experts = Optional.empty();
  private boolean beside;
  private NormSpec norm;
  private boolean parallel;
  private boolean transposed;
  private double residualScale = 1;

  BlockBuilder(int heads, int keyValueHeads, int headWidth, int mlpWidth, NormSpec norm) {
    this.heads = heads;
    this.keyValueHeads = keyValueHeads;
    this.headWidth = headWidth;
    this.valueWidth = headWidth;
    this.mlpWidth = mlpWidth;
    this.norm = norm;
    name(Part.ATTENTION_NORM, "input_layernorm");
    name(Part.QUERY, "self_attn.q_proj");
    name(Part.KEY, "self_attn.k_proj");
    name(Part.VALUE, "self_attn.v_proj");
    name(Part.OUTPUT, "self_attn.o_proj");
    name(Part.MLP_NORM, "post_attention_layernorm");
    name(Part.GATE, "mlp.gate_proj");
    name(Part.UP, "mlp.up_proj");
    name(Part.DOWN, "mlp.down_proj");
  }

  /**
   * What a part is called within the block.
   *
   * @param module in the running model
   * @param stored further names that files have it under
   */
  BlockBuilder name(Part part, String module, String... stored) {
    names.put(part, ModuleNames.of(module, stored));
    return this;
  }

  BlockBuilder without(Part... parts) {
    Arrays.asList(parts).forEach(names::remove);
    return this;
  }

  /** Queries, keys and values of one linear. */
  BlockBuilder fused(Fusion order, String module) {
    fusion = order;
    return without(Part.QUERY, Part.KEY, Part.VALUE).name(Part.QUERY_KEY_VALUE, module);
  }

  /** Gate and up of one linear. */
  BlockBuilder fusedGate(String module) {
    return without(Part.GATE, Part.UP).name(Part.GATE_UP, module);
  }

  BlockBuilder heads(int queries, int keys, int width) {
    heads = queries;
    keyValueHeads = keys;
    headWidth = width;
    valueWidth = width;
    return this;
  }

  BlockBuilder latent(Latent made, int rotatedWidth, int width) {
    latent = Optional.of(made);
    headWidth = made.plainWidth() + rotatedWidth;
    valueWidth = width;
    return this;
  }

  /** The factor on scores; the usual one is {@code 1 / sqrt(d_head)}. */
  BlockBuilder scale(double factor) {
    scale = factor;
    return this;
  }

  BlockBuilder cap(double bound) {
    cap = bound;
    return this;
  }

  BlockBuilder clip(double bound) {
    clip = bound;
    return this;
  }

  BlockBuilder gate(Gate kind) {
    gate = kind;
    return this;
  }

  /** Queries and keys are normed, as the residual stream is unless something else is said. */
  BlockBuilder queryKeyNorm(Over over, String query, String key) {
    normOver = Optional.of(over);
    return name(Part.QUERY_NORM, query).name(Part.KEY_NORM, key);
  }

  BlockBuilder queryKeyNorm(NormSpec kind) {
    headNorm = Optional.of(kind);
    return this;
  }

  /** Queries and keys are normed without a gain once they have turned. */
  BlockBuilder unitLength(NormSpec kind) {
    normOver = Optional.of(Over.HEAD);
    afterRotation = true;
    return queryKeyNorm(kind);
  }

  BlockBuilder normAfterRotation() {
    afterRotation = true;
    return this;
  }

  BlockBuilder valueNorm(NormSpec kind) {
    valueNorm = Optional.of(kind);
    return this;
  }

  /** The kind of layer that rotary fields may be kept by. */
  BlockBuilder kind(String name) {
    kind = name;
    return this;
  }

  String kind() {
    return kind;
  }

  BlockBuilder sight(Sight keys) {
    sight = keys;
    return this;
  }

  BlockBuilder window(int keys) {
    return sight(new Sight(keys, false, sight.symmetric()));
  }

  int window() {
    return sight.window();
  }

  BlockBuilder symmetric() {
    return sight(new Sight(sight.window(), sight.chunked(), true));
  }

  BlockBuilder unrotated() {
    rotated = false;
    return this;
  }

  BlockBuilder rotary(Rotary own) {
    rotary = Optional.of(own);
    return this;
  }

  /** Whether it turns, and nobody has said how. */
  boolean needsRotary() {
    return rotated && rotary.isEmpty() && mixer.isEmpty();
  }

  BlockBuilder slopes(List<Float> perHead) {
    slopes = perHead;
    return unrotated();
  }

  BlockBuilder temperature(Temperature growing) {
    temperature = Optional.of(growing);
    return this;
  }

  /** It takes the keys and values of another block. */
  BlockBuilder keysOf(int other) {
    keysOf = Optional.of(other);
    return without(Part.KEY, Part.VALUE, Part.KEY_NORM);
  }

  /** Something else stands in the place of attention. */
  BlockBuilder mixer(MixerSpec other) {
    mixer = Optional.of(other);
    return without(
        Part.QUERY,
        Part.KEY,
        Part.VALUE,
        Part.QUERY_KEY_VALUE,
        Part.QUERY_NORM,
        Part.KEY_NORM,
        Part.OUTPUT,
        Part.OUTPUT_GATE,
        Part.SINKS);
  }

  BlockBuilder activation(Activation kind) {
    activation = kind;
    return this;
  }

  Activation activation() {
    return activation;
  }

  BlockBuilder mlpWidth(int width) {
    mlpWidth = width;
    return this;
  }

  int headWidth() {
    return headWidth;
  }

  /** Gates are cut so many standard deviations above their mean. */
  BlockBuilder cut(double deviations) {
    cut = deviations;
    return this;
  }

  /** An MLP without a gate. */
  BlockBuilder plain(String up, String down) {
    return without(Part.GATE).name(Part.UP, up).name(Part.DOWN, down);
  }

  BlockBuilder experts(ExpertsSpec many) {
    experts = Optional.of(many);
    return without(Part.GATE, Part.UP, Part.GATE_UP, Part.DOWN);
  }

  /** Experts beside its MLP. */
  BlockBuilder besideExperts(ExpertsSpec many) {
    experts = Optional.of(many);
    beside = true;
    return this;
  }

  BlockBuilder norm(NormSpec kind) {
    norm = kind;
    return this;
  }

  NormSpec norm() {
    return norm;
  }

  BlockBuilder parallel() {
    parallel = true;
    return this;
  }

  BlockBuilder transposed() {
    transposed = true;
    return this;
  }

  BlockBuilder residualScale(double factor) {
    residualScale = factor;
    return this;
  }

  /**
   * The block.
   *
   * @param prefix of its modules' names
   */
  BlockSpec build(String prefix) {
    Map<Part, ModuleNames> all = new EnumMap<>(Part.class);
    names.forEach((part, name) -> all.put(part, name.behind(prefix)));
    DenseSpec dense = new DenseSpec(activation, mlpWidth, cut);
    MlpSpec mlp = experts.<MlpSpec>map(e -> beside ? new PairedSpec(dense, e) : e).orElse(dense);
    return new BlockSpec(
        mixer.orElseGet(this::attention), mlp, norm, parallel, residualScale, transposed, all);
  }

  private AttentionSpec attention() {
    NormSpec kind = headNorm.orElse(norm);
    return new AttentionSpec(
        heads,
        keyValueHeads,
        headWidth,
        valueWidth,
        scale == 0 ? 1 / Math.sqrt(headWidth) : scale,
        cap,
        fusion,
        latent,
        normOver.map(over -> new QueryKeyNorm(over, kind, afterRotation)),
        valueNorm,
        clip,
        gate,
        sight,
        rotated ? rotary : Optional.empty(),
        slopes,
        temperature,
        keysOf);
  }
}
