package dev.sonde.probe.stepimportance.search;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a search for the core goes by. */
public enum SearchVariant {
  /** The norm of gradients: the paper's method. */
  ACTIVATION,
  /** Gradient times input. */
  GRADIENT_X_INPUT,
  /** Integrated gradients. */
  INTEGRATED_GRADIENTS,
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
    return this == ACTIVATION || this == GRADIENT_X_INPUT || this == INTEGRATED_GRADIENTS;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
