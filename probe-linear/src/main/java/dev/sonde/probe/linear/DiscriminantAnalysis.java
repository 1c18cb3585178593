package dev.sonde.probe.linear;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Design;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.Targets;
import java.util.ArrayList;
import java.util.List;

/**
 * Linear discriminant analysis with a shrunk covariance: {@code w = ((1−γ)S + γνI)⁻¹ δ}, where S is
 * the covariance within the classes and ν the mean of its diagonal.
 *
 * <p>S depends on the labels, but only through {@code S = T − v δδᵀ}. With {@code A = (1−γ)T +
 * γνI}, diagonal in the principal axes, Sherman and Morrison give {@code w = A⁻¹δ / (1 − (1−γ) v
 * δᵀA⁻¹δ)}, so that one decomposition of T serves every labeling.
 */
final class DiscriminantAnalysis implements Decoder {
  private final double shrinkage;

  DiscriminantAnalysis(double shrinkage) {
    this.shrinkage = shrinkage;
  }

  @Override
  public boolean closedForm() {
    return true;
  }

  @Override
  public Scorer fit(Design train, Targets targets) {
    return fitAll(train, List.of(targets)).getFirst();
  }

  @Override
  public List<Scorer> fitAll(Design train, List<Targets> many) {
    RowsInAxes rows = RowsInAxes.of(train, many);
    double[] floor = new double[many.size()];
    double[] scale = new double[many.size()];
    for (int l = 0; l < scale.length; l++) {
      floor[l] = shrinkage * withinVariance(rows, l) / rows.features();
      double explained = 0;
      for (int axis = 0; axis < rows.axes(); axis++) {
        explained += rows.slope(axis, l) * inverted(rows, axis, l, floor[l]);
      }
      scale[l] = 1 / (1 - (1 - shrinkage) * rows.targetVariance(l) * explained);
    }
    double[][] weights = rows.inFeatures((axis, l) -> scale[l] * inverted(rows, axis, l, floor[l]));
    List<Scorer> scorers = new ArrayList<>();
    for (int l = 0; l < weights.length; l++) {
      scorers.add(Scorer.linear(weights[l], -rows.atMean(weights[l])));
    }
    return scorers;
  }

  /** The trace of S. */
  private static double withinVariance(RowsInAxes rows, int labeling) {
    double between = 0;
    for (int axis = 0; axis < rows.axes(); axis++) {
      between += rows.slope(axis, labeling) * rows.slope(axis, labeling);
    }
    return rows.totalVariance() - rows.targetVariance(labeling) * between;
  }

  /** A coordinate of {@code A⁻¹δ}. */
  private double inverted(RowsInAxes rows, int axis, int labeling, double floor) {
    return rows.slope(axis, labeling) / ((1 - shrinkage) * rows.variance(axis) + floor);
  }
}
