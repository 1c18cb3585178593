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
 * Ridge regression on the targets: {@code w = (T + λI)⁻¹ v δ} with the rows' covariance T, the
 * slope δ and the targets' variance v, all of {@linkplain Standardised standardised} rows. The
 * penalty λ is given as a share of the mean variance of a standardised feature, which is about 1,
 * so that no few large features decide it.
 */
final class Ridge implements SharedFit {
  private final double penalty;

  Ridge(double penalty) {
    this.penalty = penalty;
  }

  @Override
  public Optional<LinearForm> linearForm() {
    return Optional.of(LinearForm.shrunk(true, 1, penalty, false));
  }

  @Override
  public List<Scorer> fitAll(Design train, List<Targets> many) {
    Standardised standardised = train.standardised();
    Covariance covariance = standardised.rows().covariance();
    Slopes slopes = standardised.rows().slopes(many);
    Matrix solved = covariance.solve(1, penalty * covariance.meanVariance(), slopes);
    double[] mean = covariance.mean();
    List<Scorer> scorers = new ArrayList<>();
    for (int l = 0; l < many.size(); l++) {
      double[] weights = Directions.times(slopes.targetVariances()[l], solved.column(l));
      scorers.add(standardised.linear(weights, slopes.targetMeans()[l] - dot(mean, weights)));
    }
    return scorers;
  }
}
