package dev.sonde.probe.stepimportance.chain;

import java.util.List;

/**
 * Why a chain is left out, with what was measured of it.
 *
 * @param measured in words; empty where nothing was
 * @param answers what the model answered where that decided, as it wrote it
 */
public record LeftOut(SkipReason reason, String measured, List<String> answers) {
  /** Copies the list. */
  public LeftOut {
    answers = List.copyOf(answers);
  }

  /** A reason of which nothing more is known. */
  public static LeftOut of(SkipReason reason) {
    return new LeftOut(reason, "", List.of());
  }

  /** A reason with what was measured. */
  public static LeftOut of(SkipReason reason, String measured) {
    return new LeftOut(reason, measured, List.of());
  }
}
