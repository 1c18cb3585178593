package dev.sonde.engine.evaluate.control;

import dev.sonde.engine.evaluate.fit.Measure;
import dev.sonde.engine.evaluate.fit.Scored;
import dev.sonde.statistics.Estimate;

/**
 * What the decoders are compared with: the text, the embedding, a randomly initialised model.
 *
 * @param measure its figure of merit, which can be taken again with rows weighted
 * @param estimate the same with its interval
 */
public record Rival(Words words, Measure measure, Estimate estimate) {
  /**
   * How it is called.
   *
   * @param name in metrics, which are {@code baseline.NAME}
   * @param title in a table
   * @param subject in a sentence
   * @param reading what it knows
   */
  public record Words(String name, String title, String subject, String reading) {}

  /** What the strongest is chosen by: a figure that does not exist is the weakest. */
  public double rank() {
    return Scored.rank(estimate.value());
  }
}
