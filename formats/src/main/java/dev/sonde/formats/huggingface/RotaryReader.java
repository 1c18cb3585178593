package dev.sonde.formats.huggingface;

import java.util.Optional;

/**
 * Reads the rotary fields of config.json: {@code rope_theta} and {@code rope_scaling} (transformers
 * 4) or {@code rope_parameters} (5), which may be kept per kind of layer.
 */
final class RotaryReader {
  private static final String DEFAULT = "default";
  private static final String SUPPORTED = "default, linear, dynamic, llama3, yarn, longrope";
  private static final String TRAINED = "original_max_position_embeddings";

  private final Fields config;
  private final int headWidth;
  private final boolean interleaved;
  private final double usualBase;
  private final double share;
  private final int longestContext;

  /**
   * A reader.
   *
   * @param usualBase the family's base where the file does not say
   * @param share how much of a head turns; other shares in the file concern scaled kinds only
   */
  RotaryReader(Fields config, int headWidth, boolean interleaved, double usualBase, double share) {
    this.config = config;
    this.headWidth = headWidth;
    this.interleaved = interleaved;
    this.usualBase = usualBase;
    this.share = share;
    this.longestContext = config.integer("max_position_embeddings", 2048);
  }

  /** The rotary embedding of a kind of layer, where the file keeps them apart. */
  Optional<Rotary> ofKind(String kind) {
    return config.object("rope_parameters").flatMap(p -> p.object(kind)).map(this::of);
  }

  /** The rotary embedding that the file describes for all layers, or for those it scales. */
  Rotary shared() {
    return of(described());
  }

  private Fields described() {
    return config
        .object("rope_scaling")
        .filter(scaling -> !scaling.isEmpty())
        .or(() -> config.object("rope_parameters"))
        .orElse(config);
  }

  private String type(Fields rope) {
    return rope == config ? DEFAULT : rope.text("rope_type", rope.text("type", DEFAULT));
  }

  /** How many times longer than trained a sequence may be, where frequencies follow its length. */
  double dynamicFactor() {
    Fields rope = described();
    return type(rope).equals("dynamic") ? rope.real("factor") : 1;
  }

  /** Whole heads turning, without scaling. */
  Rotary plain(double base) {
    return fixed(headWidth, RotaryScaling.plain(base, headWidth)).build();
  }

  private Rotary of(Fields rope) {
    double base = rope.real("rope_theta", config.real("rope_theta", usualBase));
    String type = type(rope);
    int width = turning(share);
    if (share == 1 && !type.equals(DEFAULT)) {
      width = turning(rope.real("partial_rotary_factor", config.real("partial_rotary_factor", 1)));
    }
    int trained = config.integer(TRAINED, rope.integer(TRAINED, longestContext));
    return switch (type) {
      case DEFAULT -> fixed(width, RotaryScaling.plain(base, width)).build();
      case "linear" ->
          fixed(width, RotaryScaling.linear(RotaryScaling.plain(base, width), rope.real("factor")))
              .build();
      case "llama3" ->
          fixed(
                  width,
                  RotaryScaling.llama3(
                      RotaryScaling.plain(base, width),
                      rope.real("factor"),
                      rope.real("low_freq_factor"),
                      rope.real("high_freq_factor"),
                      trained))
              .build();
      case "dynamic" -> dynamic(rope, base, width);
      case "yarn" -> yarn(rope, base, width, trained);
      case "longrope", "su" -> longRope(rope, base, width, trained);
      default -> throw rope.problem("rope_type", "is not supported; supported: " + SUPPORTED);
    };
  }

  /** How many of a head's numbers a share of it is. */
  private int turning(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw config.problem("partial_rotary_factor", "makes %s of a head turn".formatted(share));
    }
    return (int) (headWidth * share);
  }

  private Rotary.Builder fixed(int width, float[] frequencies) {
    return Rotary.builder(width, interleaved, length -> frequencies.clone());
  }

  private Rotary dynamic(Fields rope, double base, int width) {
    double factor = rope.real("factor");
    return Rotary.builder(
            width,
            interleaved,
            length ->
                RotaryScaling.plain(
                    RotaryScaling.dynamicBase(
                        base, width, factor, Math.max(length, longestContext), longestContext),
                    width))
        .changesAfter(longestContext, true)
        .build();
  }

  private Rotary yarn(Fields rope, double base, int width, int trained) {
    double factor = rope.real("factor", (double) longestContext / trained);
    double m = rope.real("mscale", 0);
    double all = rope.real("mscale_all_dim", 0);
    double usual =
        m != 0 && all != 0
            ? RotaryScaling.yarnMagnitude(factor, m) / RotaryScaling.yarnMagnitude(factor, all)
            : RotaryScaling.yarnMagnitude(factor, 1);
    float[] frequencies =
        RotaryScaling.yarn(
            base,
            width,
            factor,
            orUsual(rope.real("beta_fast", 0), 32),
            orUsual(rope.real("beta_slow", 0), 1),
            trained,
            rope.flag("truncate", true));
    return fixed(width, frequencies).magnitude(rope.real("attention_factor", usual)).build();
  }

  private static double orUsual(double value, double usual) {
    return value == 0 ? usual : value;
  }

  private Rotary longRope(Fields rope, double base, int width, int trained) {
    double[] near = perPlane(rope, "short_factor", width);
    double[] far = perPlane(rope, "long_factor", width);
    double factor = rope.real("factor", (double) longestContext / trained);
    return Rotary.builder(
            width,
            interleaved,
            length -> RotaryScaling.perPlane(base, width, length > trained ? far : near))
        .magnitude(rope.real("attention_factor", RotaryScaling.longMagnitude(factor, trained)))
        .changesAfter(trained, false)
        .build();
  }

  private static double[] perPlane(Fields rope, String field, int width) {
    double[] factors = rope.reals(field);
    if (factors.length != width / 2) {
      throw rope.problem(field, "must have a number for each of %d planes".formatted(width / 2));
    }
    return factors;
  }
}
