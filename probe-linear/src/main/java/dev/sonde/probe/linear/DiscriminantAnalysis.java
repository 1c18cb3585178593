package dev.sonde.probe.linear;

import static dev.sonde.probe.linear.Directions.dot;

import dev.sonde.api.evaluate.Covariance;
import dev.sonde.api.evaluate.Design;
import dev.sonde.api.evaluate.LinearForm;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.Slopes;
import dev.sonde.api.evaluate.Standardised;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Linear discriminant analysis with a shrunk covariance: {@code w = ((1−γ)S + γνI)⁻¹ δ}, where S is
 * the covariance within the classes and ν the mean variance of a feature over all rows, all of
 * {@linkplain Standardised standardised} rows.
 *
 * <p>S depends on the labels, but only through {@code S = T − v δδᵀ}. With {@code A = (1−γ)T + γνI}
 * Sherman and Morrison give {@code w = A⁻¹δ / (1 − (1−γ) v δᵀA⁻¹δ)}, so that one factorisation of A
 * serves every labeling.
 */
final class DiscriminantAnalysis implements SharedFit {
  private final double shrinkage;

  DiscriminantAnalysis(double shrinkage) {
    this.shrinkage = shrinkage;
  }

  @Override
  public Optional<LinearForm> linearForm() {
    return Optional.of(LinearForm.shrunk(true, 1 - shrinkage, shrinkage, false));
  }

  @Override
  public List<Scorer> fitAll(Design train, List<Targets> many) {
    Standardised standardised = train.standardised();
    Covariance covariance = standardised.rows().covariance();
    Slopes slopes = standardised.rows().slopes(many);
    Matrix solved = covariance.solve(1 - shrinkage, shrinkage * covariance.meanVariance(), slopes);
    double[] mean = covariance.mean();
    List<Scorer> scorers = new ArrayList<>();
    for (int l = 0; l < many.size(); l++) {
      double[] inverted = solved.column(l);
      double explained = slopes.targetVariances()[l] * dot(slopes.slopes().column(l), inverted);
      double[] weights = Directions.times(1 / (1 - (1 - shrinkage) * explained), inverted);
      scorers.add(standardised.linear(weights, -dot(mean, weights)));
    }
    return scorers;
  }
}
