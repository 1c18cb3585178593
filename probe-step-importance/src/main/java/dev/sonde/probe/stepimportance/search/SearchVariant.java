package dev.sonde.probe.stepimportance.search;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a search for the core goes by. */
public enum SearchVariant {
  /** The norm of gradients: the paper's method. */
  ACTIVATION,
  /** The norm of gradient times input, as in the authors' code. */
  GRADIENT_X_INPUT,
  /** The absolute value of its sum, in which a step's tokens may cancel each other. */
  GRADIENT_X_INPUT_SUM,
  /** The norm of integrated gradients, as in the authors' code. */
  INTEGRATED_GRADIENTS,
  /** The absolute value of their sum: what the step adds to the target's probability. */
  INTEGRATED_GRADIENTS_SUM,
  /** Attention suppression. */
  SUPPRESSION,
  /** How the answer changes when a step is written anew, as thought anchors are found. */
  RESAMPLING,
  /** A ranking from a file, such as a language model's. */
  RANKING,
  /** Chance. */
  RANDOM;

  /**
   * A variant by its name in the experiment.
   *
   * @throws IllegalArgumentException naming all of them if there is none of that name
   */
  public static SearchVariant named(String name) {
    return Arrays.stream(values())
        .filter(variant -> variant.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no variant '%s'; there are %s".formatted(name, List.of(values()))));
  }

  /** Whether a model must be differentiated for it. */
  public boolean needsGradients() {
    return switch (this) {
      case ACTIVATION,
          GRADIENT_X_INPUT,
          GRADIENT_X_INPUT_SUM,
          INTEGRATED_GRADIENTS,
          INTEGRATED_GRADIENTS_SUM ->
          true;
      case SUPPRESSION, RESAMPLING, RANKING, RANDOM -> false;
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
