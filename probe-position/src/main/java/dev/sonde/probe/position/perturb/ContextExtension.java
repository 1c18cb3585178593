package dev.sonde.probe.position.perturb;

import dev.sonde.api.model.Attention.Rotary;
import dev.sonde.api.model.Distances;
import dev.sonde.api.model.Frequencies;
import java.util.Locale;

/** What is done so that a model reads contexts longer than those it was trained with. */
enum ContextExtension {
  /** Nothing: rotation as it is. */
  PLAIN,
  /** The first tokens and the latest ones only, none farther away than the trained window. */
  WINDOW,
  /** No distance is larger than half the trained window (ReRoPE, Su 2023). */
  REROPE,
  /**
   * Distances up to a quarter of the trained window as they are; farther keys by groups of
   * positions, as many to a group as it takes to stay within the window (Jin et al. 2024).
   */
  SELF_EXTEND,
  /** Positional interpolation: every plane turns slower by the factor (Chen et al. 2023). */
  LINEAR,
  /** A larger base: the slowest plane turns slower by the factor, the fastest as before. */
  NTK,
  /**
   * Planes that turn often within the trained window as they are, slow ones interpolated, between
   * them a ramp; logits sharper by {@code (0.1 ln s + 1)²} (Peng et al. 2023).
   */
  YARN;

  /** Turns within the trained window from which a plane stays as it is. */
  private static final double FAST_TURNS = 32;

  /** Turns below which it is interpolated. */
  private static final double SLOW_TURNS = 1;

  /** Its name in metrics. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it changes frequencies. */
  boolean scales() {
    return this == LINEAR || this == NTK || this == YARN;
  }

  /** Whether it changes distances, and so needs {@link Distances} while it reads. */
  boolean moves() {
    return this == WINDOW || this == REROPE || this == SELF_EXTEND;
  }

  /** Whether it leaves a context of one window as it is. */
  boolean isPlainWithin() {
    return scales() || this == SELF_EXTEND;
  }

  /**
   * The distances with which it reads contexts of so many tokens, where it {@link #moves} them.
   *
   * @param trained tokens of the window
   */
  Distances distances(int trained, int length) {
    int near = trained / 4;
    return switch (this) {
      case REROPE -> Distances.atMost(trained / 2);
      case SELF_EXTEND ->
          Distances.grouped(near, Math.max(1, Math.ceilDiv(length - near, trained - near)));
      case WINDOW -> Distances.atMost(trained);
      case PLAIN, LINEAR, NTK, YARN -> throw new IllegalStateException(this + " moves nothing");
    };
  }

  /**
   * The frequencies with which it reads contexts of so many trained windows.
   *
   * @param rotary as the model was trained
   * @param trained tokens of the window
   * @param factor how many windows
   */
  Frequencies frequencies(Rotary rotary, int trained, double factor) {
    float[] own = rotary.frequencies();
    float[] scaled = new float[own.length];
    int width = 2 * own.length;
    double base = Math.pow(own[0] / own[1], width / 2.0);
    double fast = Math.floor(plane(FAST_TURNS, trained, base, width));
    double slow = Math.ceil(plane(SLOW_TURNS, trained, base, width));
    double from = Math.max(fast, 0);
    double to = Math.min(slow, width - 1);
    for (int plane = 0; plane < own.length; plane++) {
      double ramp = Math.clamp((plane - from) / Math.max(to - from, 0.001), 0, 1);
      scaled[plane] =
          (float)
              switch (this) {
                case PLAIN, WINDOW, REROPE, SELF_EXTEND -> own[plane];
                case LINEAR -> own[plane] / factor;
                case NTK -> own[plane] * Math.pow(factor, -2.0 * plane / (width - 2));
                case YARN -> own[plane] * (1 - ramp) + own[plane] / factor * ramp;
              };
    }
    double sharper = this == YARN ? 0.1 * Math.log(factor) + 1 : 1;
    return Frequencies.of(scaled, rotary.magnitude() * sharper);
  }

  /** Which plane, on a scale, turns so often within a window. */
  private static double plane(double turns, int trained, double base, int width) {
    return width * Math.log(trained / (turns * 2 * Math.PI)) / (2 * Math.log(base));
  }
}
