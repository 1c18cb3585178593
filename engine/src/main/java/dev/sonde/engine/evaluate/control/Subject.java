package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Evaluation.Choice;
import dev.sonde.api.report.Metric;
import dev.sonde.engine.evaluate.fit.Merit;
import dev.sonde.statistics.Estimate;

/**
 * What is evaluated, as far as its metrics tell.
 *
 * @param rows number of rows
 * @param heldOut number of rows that the outer folds hold out, each counted as often
 * @param positive name of the positive class
 */
public record Subject(Merit merit, int rows, int heldOut, String positive) {
  /** A figure of the rows held out. */
  public Metric metric(String name, Estimate estimate) {
    return Metric.of(name, estimate.value()).interval(estimate.low(), estimate.high()).n(heldOut);
  }

  /** The figure of merit itself, or one named after it. */
  public Metric merit(String of, Estimate estimate) {
    return metric(merit.metric() + of, estimate);
  }

  /** A metric with its hook point, its decoder, and the split that it was taken on. */
  public static Metric at(Choice choice, String split, Metric metric) {
    return metric.at(choice.point()).where("method", choice.decoder()).where("split", split);
  }
}
