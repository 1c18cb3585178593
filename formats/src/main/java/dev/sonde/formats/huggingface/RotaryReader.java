package dev.sonde.formats.huggingface;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads the rotary fields of config.json, wherever a version of transformers or a family keeps
 * them, before any family asks: at the top ({@code rope_theta}, {@code rotary_emb_base}, {@code
 * partial_rotary_factor}, {@code rotary_pct} …), in {@code rope_scaling} (transformers 4) or in
 * {@code rope_parameters} (5), which may be kept per kind of layer.
 */
final class RotaryReader {
  private static final String DEFAULT = "default";
  private static final String TRAINED = "original_max_position_embeddings";
  private static final String THETA = "rope_theta";
  private static final String SHARE = "partial_rotary_factor";
  private static final String FACTOR = "factor";
  private static final String SUPPORTED = "default, linear, dynamic, llama3, yarn, longrope";

  /** Names at the top for {@link #THETA} and {@link #SHARE}, the later one first. */
  private static final Map<String, List<String>> AT_TOP =
      Map.of(
          THETA,
          List.of(THETA, "rotary_emb_base"),
          SHARE,
          List.of(SHARE, "rotary_pct", "rope_pct", "rotary_percentage"));

  private final Fields config;
  private final Usual usual;
  private final Optional<Fields> scaling;
  private final Optional<Fields> parameters;
  private final int longestContext;

  /**
   * What a family has where the file does not say.
   *
   * @param base the base of the frequencies
   * @param share how much of a head turns; empty where the whole does unless frequencies are scaled
   * @param width width of what may turn
   * @param from the first number of a head that may
   * @param interleaved which two numbers are a plane, see {@link Rotary#interleaved}
   */
  record Usual(double base, Optional<Double> share, int width, int from, boolean interleaved) {
    static final Usual LLAMA = new Usual(10_000, Optional.empty(), 0, 0, false);

    Usual base(double other) {
      return new Usual(other, share, width, from, interleaved);
    }

    Usual share(double other) {
      return new Usual(base, Optional.of(other), width, from, interleaved);
    }

    Usual width(int other) {
      return new Usual(base, share, other, from, interleaved);
    }

    Usual from(int other) {
      return new Usual(base, share, width, other, interleaved);
    }

    Usual inPairs() {
      return new Usual(base, share, width, from, true);
    }
  }

  RotaryReader(Fields config, Usual usual) {
    this.config = config;
    this.usual = usual;
    this.scaling = config.object("rope_scaling").filter(fields -> !fields.isEmpty());
    this.parameters = config.object("rope_parameters");
    this.longestContext = config.integer("max_position_embeddings", 2048);
  }

  /** The rotary embedding of a kind of layer, where the file keeps them apart. */
  Optional<Rotary> ofKind(String kind) {
    return parameters.flatMap(p -> p.object(kind)).map(this::of);
  }

  /** Whether the file says that a kind of layer knows no positions. */
  boolean isUnrotated(String kind) {
    return parameters.filter(p -> p.isNone(kind)).isPresent();
  }

  /** The rotary embedding that the file describes for all layers, or for those it scales. */
  Rotary shared() {
    return of(described());
  }

  /** The same for a kind of layer where the file keeps them apart. */
  Rotary of(String kind) {
    return ofKind(kind).orElseGet(this::shared);
  }

  /** What the file describes for all layers, wherever it does. */
  Fields described() {
    return scaling.or(() -> parameters).orElse(config);
  }

  private String type(Fields rope) {
    return rope == config ? DEFAULT : rope.text("rope_type", rope.text("type", DEFAULT));
  }

  /** The value of a field of the rotary embedding, else of one of its names at the top. */
  private <T> Optional<T> joined(
      Fields rope, String field, Function<String, Function<Fields, T>> read) {
    List<String> atTop = AT_TOP.getOrDefault(field, List.of(field));
    Optional<T> found =
        rope != config && rope.has(field) && !rope.isNone(field)
            ? Optional.of(read.apply(field).apply(rope))
            : Optional.empty();
    for (String name : atTop) {
      if (config.has(name) && found.isEmpty()) {
        found = Optional.of(read.apply(name).apply(config));
      }
    }
    return found;
  }

  private double base(Fields rope) {
    return joined(rope, THETA, name -> fields -> fields.real(name)).orElse(usual.base());
  }

  private int turning(Fields rope, String type) {
    Optional<Double> given =
        joined(rope, SHARE, name -> fields -> fields.real(name)).or(usual::share);
    boolean heard = usual.share().isPresent() || !type.equals(DEFAULT);
    return heard ? turning(given.orElse(1.0)) : usual.width();
  }

  /** How many of a head's numbers a share of it is; an odd one counts with its partner. */
  private int turning(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw config.problem(SHARE, "makes %s of a head turn".formatted(share));
    }
    int numbers = (int) (usual.width() * share);
    return numbers + numbers % 2;
  }

  /**
   * How many times longer than {@code max_position_embeddings} a sequence may be: frequencies that
   * follow the length, or were slowed for longer texts, reach further where that field was left.
   */
  double lengthening() {
    Fields rope = described();
    return switch (type(rope)) {
      case "dynamic", "linear" -> Math.max(1, rope.real(FACTOR));
      case "yarn" -> {
        double factor = factor(rope);
        double reach = factor * trained(rope);
        yield Math.max(1, reach / longestContext);
      }
      default -> 1;
    };
  }

  /** Whole heads turning, without scaling. */
  Rotary plain(double base) {
    return fixed(usual.width(), RotaryScaling.plain(base, usual.width())).build();
  }

  private int trained(Fields rope) {
    return config
        .optionalInteger(TRAINED)
        .or(() -> rope == config ? Optional.empty() : rope.optionalInteger(TRAINED))
        .orElse(longestContext);
  }

  private double factor(Fields rope) {
    return rope.optionalReal(FACTOR).orElseGet(() -> (double) longestContext / trained(rope));
  }

  private Rotary of(Fields rope) {
    double base = base(rope);
    String type = type(rope);
    int width = turning(rope, type);
    return switch (type) {
      case DEFAULT, "mrope" -> { // of texts all parts of a position are one
        rope.pass("mrope_section");
        rope.pass("mrope_interleaved");
        yield fixed(width, RotaryScaling.plain(base, width)).build();
      }
      case "linear" ->
          fixed(width, RotaryScaling.linear(RotaryScaling.plain(base, width), rope.real(FACTOR)))
              .build();
      case "llama3" ->
          fixed(
                  width,
                  RotaryScaling.llama3(
                      RotaryScaling.plain(base, width),
                      rope.real(FACTOR),
                      rope.real("low_freq_factor"),
                      rope.real("high_freq_factor"),
                      trained(rope)))
              .build();
      case "dynamic" -> dynamic(rope, base, width);
      case "proportional" -> proportional(rope, base);
      case "yarn" -> yarn(rope, base, width);
      case "longrope", "su" -> longRope(rope, base, width);
      default -> throw rope.problem("rope_type", "is not supported; supported: " + SUPPORTED);
    };
  }

  private Rotary.Builder fixed(int width, float[] frequencies) {
    return Rotary.builder(width, usual.interleaved(), length -> frequencies.clone())
        .from(usual.from());
  }

  /** Whole heads, of which the slowest planes stand still. */
  private Rotary proportional(Fields rope, double base) {
    double share = joined(rope, SHARE, name -> fields -> fields.real(name)).orElse(1.0);
    int turning = (int) (share * usual.width() / 2);
    float[] frequencies =
        RotaryScaling.linear(
            RotaryScaling.plain(base, usual.width()), rope.optionalReal(FACTOR).orElse(1.0));
    Arrays.fill(frequencies, turning, frequencies.length, 0);
    return fixed(usual.width(), frequencies).build();
  }

  private Rotary dynamic(Fields rope, double base, int width) {
    double factor = rope.real(FACTOR);
    return Rotary.builder(
            width,
            usual.interleaved(),
            length ->
                RotaryScaling.plain(
                    RotaryScaling.dynamicBase(
                        base, width, factor, Math.max(length, longestContext), longestContext),
                    width))
        .from(usual.from())
        .changesAfter(longestContext, true)
        .build();
  }

  private Rotary yarn(Fields rope, double base, int width) {
    double factor = factor(rope);
    double m = rope.optionalReal("mscale").orElse(0.0);
    double all = rope.optionalReal("mscale_all_dim").orElse(0.0);
    double magnitude =
        m != 0 && all != 0
            ? RotaryScaling.yarnMagnitude(factor, m) / RotaryScaling.yarnMagnitude(factor, all)
            : RotaryScaling.yarnMagnitude(factor, 1);
    float[] frequencies =
        RotaryScaling.yarn(
            base,
            width,
            factor,
            orUsual(rope.optionalReal("beta_fast"), 32),
            orUsual(rope.optionalReal("beta_slow"), 1),
            trained(rope),
            rope.flag("truncate", true));
    return fixed(width, frequencies)
        .magnitude(rope.optionalReal("attention_factor").orElse(magnitude))
        .build();
  }

  private static double orUsual(Optional<Double> value, double usual) {
    return value.filter(v -> v != 0).orElse(usual);
  }

  private Rotary longRope(Fields rope, double base, int width) {
    int trained = trained(rope);
    double[] near = perPlane(rope, "short_factor", width);
    double[] far = perPlane(rope, "long_factor", width);
    double magnitude = RotaryScaling.longMagnitude(factor(rope), trained);
    return Rotary.builder(
            width,
            usual.interleaved(),
            length -> RotaryScaling.perPlane(base, width, length > trained ? far : near))
        .from(usual.from())
        .magnitude(rope.optionalReal("attention_factor").orElse(magnitude))
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
