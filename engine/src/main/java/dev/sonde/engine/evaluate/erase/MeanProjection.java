package dev.sonde.engine.evaluate.erase;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.statistics.PlainVectors;
import java.util.List;

/**
 * Projects out the difference of the class means, of graded labels the covariance of the features
 * with them: {@code r(x) = x − δ̂ (δ̂ · (x − μ))}.
 */
record MeanProjection() implements Eraser {
  @Override
  public Erasure fit(EraserRows rows, Targets labels) {
    double[] direction = rows.covarianceWith(labels);
    double length = PlainVectors.norm(direction);
    if (!(length > 0)) {
      return Erasure.none(rows.mean());
    }
    List<double[]> unit = List.of(PlainVectors.scaled(1 / length, direction));
    return new Erasure(rows.mean(), unit, unit);
  }
}
