package dev.sonde.probe.linear;

import dev.sonde.api.config.Config;
import dev.sonde.api.config.Settings;

/**
 * How further models are compared with the main one.
 *
 * @param loss the most that AUROC, a false-positive rate and answers may change by
 * @param effect the largest share of a steering effect that may be lost
 * @param falsePositives the share of negative rows that a threshold lets through
 * @param answers whether models also answer the rows
 */
record CompareSettings(double loss, double effect, double falsePositives, boolean answers) {
  static final String LOSS = "compare_loss";
  static final String EFFECT = "compare_effect";
  private static final String FALSE_POSITIVES = "compare_false_positives";
  private static final String ANSWERS = "compare_answers";

  /** Adds the settings to those of the probe. */
  static Settings published(Settings settings) {
    return settings
        .real(
            LOSS,
            0.05,
            "by how much a further model may lose AUROC, let more false positives through, or"
                + " answer otherwise, to be called as good")
        .real(EFFECT, 0.2, "the largest share of a steering effect that a further model may lose")
        .real(
            FALSE_POSITIVES,
            0.05,
            "the share of negative rows above the threshold that is carried to further models")
        .flag(
            ANSWERS,
            false,
            "whether further models also answer the rows, and how many answers flip; takes"
                + " generations");
  }

  static CompareSettings of(Config config) {
    return new CompareSettings(
        share(config, LOSS),
        share(config, EFFECT),
        share(config, FALSE_POSITIVES),
        config.flag(ANSWERS));
  }

  private static double share(Config config, String key) {
    double value = config.real(key);
    if (!(value >= 0 && value < 1)) {
      throw config.error(key, "must be at least 0 and below 1");
    }
    return value;
  }
}
