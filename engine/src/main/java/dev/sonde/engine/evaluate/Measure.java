package dev.sonde.engine.evaluate;

import dev.sonde.engine.evaluate.Ranking.Weight;
import java.util.List;

/**
 * A figure of held-out scores that can be computed again with rows weighted: the mean of what holds
 * within each part, weighted by what the part contributes.
 */
record Measure(List<Agreement> parts) {

  /** How scores and targets agree within some rows. */
  interface Agreement {
    /** The agreement with each row counted as often as its weight says. */
    Part part(Weight weight);
  }

  /**
   * What some rows contribute.
   *
   * @param sum the figure times its weight
   * @param weight 0 where the rows say nothing
   */
  record Part(double sum, double weight) {
    static final Part NONE = new Part(0, 0);

    Part plus(Part other) {
      return new Part(sum + other.sum, weight + other.weight);
    }

    /** The figure; NaN where nothing says anything. */
    double value() {
      return weight == 0 ? Double.NaN : sum / weight;
    }
  }

  /** The figure with each row once. */
  double value() {
    return value(row -> 1);
  }

  /** The figure; NaN where it does not exist. */
  double value(Weight weight) {
    return parts.stream().map(part -> part.part(weight)).reduce(Part.NONE, Part::plus).value();
  }
}
