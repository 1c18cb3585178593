package dev.sonde.probe.linear;

import static dev.sonde.probe.linear.Directions.dot;

import dev.sonde.api.evaluate.Covariance;
import dev.sonde.api.evaluate.Design;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.Slopes;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import java.util.ArrayList;
import java.util.List;

/**
 * Ridge regression on the targets: {@code w = (T + λI)⁻¹ v δ} with the rows' covariance T, the
 * slope δ and the targets' variance v. The penalty λ is given as a share of the mean variance of a
 * feature, so that it means the same at every hook point.
 */
final class Ridge implements SharedFit {
  private final double penalty;

  Ridge(double penalty) {
    this.penalty = penalty;
  }

  @Override
  public List<Scorer> fitAll(Design train, List<Targets> many) {
    Covariance covariance = train.covariance();
    Slopes slopes = train.slopes(many);
    Matrix solved = covariance.solve(1, penalty * covariance.meanVariance(), slopes);
    double[] mean = covariance.mean();
    List<Scorer> scorers = new ArrayList<>();
    for (int l = 0; l < many.size(); l++) {
      double[] weights = Directions.times(slopes.targetVariances()[l], solved.column(l));
      scorers.add(Scorer.linear(weights, slopes.targetMeans()[l] - dot(mean, weights)));
    }
    return scorers;
  }
}
