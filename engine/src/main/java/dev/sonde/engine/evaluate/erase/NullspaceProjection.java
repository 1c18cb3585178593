package dev.sonde.engine.evaluate.erase;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.statistics.PlainVectors;
import java.util.ArrayList;
import java.util.List;

/**
 * Iterated null-space projection (Ravfogel et al. 2020): a linear classifier is fitted, its
 * direction projected out, and the next one fitted to what is left. The classifier is least squares
 * with a little shrinkage, so that a fit has one solution and no random number.
 *
 * @param rounds directions that are projected out at most; fewer where nothing is left
 */
record NullspaceProjection(int rounds) implements Eraser {
  /** Added to the variance of every feature, as a share of the mean variance. */
  private static final double SHRINKAGE = 0.01;

  /** What is left of the first round's covariance with the label when it counts as nothing. */
  private static final double NOTHING = 1e-9;

  @Override
  public Erasure fit(EraserRows rows, Targets labels) {
    List<double[]> axes = new ArrayList<>();
    double whole = PlainVectors.norm(rows.covarianceWith(labels));
    EraserRows left = rows;
    for (int round = 0; round < rounds; round++) {
      if (!(PlainVectors.norm(left.covarianceWith(labels)) > NOTHING * whole)) {
        break;
      }
      double[] axis = left.solvedOnce(labels, SHRINKAGE);
      for (double[] other : axes) {
        PlainVectors.add(axis, -PlainVectors.dot(axis, other), other); // rounding
      }
      double[] unit = PlainVectors.scaled(1 / PlainVectors.norm(axis), axis);
      axes.add(unit);
      left = left.without(unit);
    }
    return new Erasure(rows.mean(), axes, axes);
  }
}
