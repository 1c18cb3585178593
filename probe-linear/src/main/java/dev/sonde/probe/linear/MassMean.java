package dev.sonde.probe.linear;

import static dev.sonde.probe.linear.Directions.dot;

import dev.sonde.api.evaluate.Covariance;
import dev.sonde.api.evaluate.Design;
import dev.sonde.api.evaluate.LinearForm;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Mass-mean probing with covariance (Marks and Tegmark 2023): the difference of class means, tilted
 * by the inverse covariance, {@code w = S⁻¹δ}. S⁻¹δ and T⁻¹δ point the same way, where S is the
 * covariance within the classes and T that of all rows. The unit vector is used. With fewer rows
 * than features it fits its training rows exactly, and {@code lda} is the better choice.
 */
final class MassMean implements SharedFit {
  /**
   * What is added to the diagonal, in units of the mean variance of a feature: nothing beside what
   * float32 rows resolve, but T may be singular.
   */
  private static final double TINY = 1e-9;

  @Override
  public Optional<LinearForm> linearForm() {
    return Optional.of(LinearForm.shrunk(false, 1, TINY, false));
  }

  @Override
  public List<Scorer> fitAll(Design train, List<Targets> many) {
    Covariance covariance = train.covariance();
    Matrix solved = covariance.solve(1, TINY * covariance.meanVariance(), train.slopes(many));
    double[] mean = covariance.mean();
    List<Scorer> scorers = new ArrayList<>();
    for (int l = 0; l < many.size(); l++) {
      double[] unit = Directions.unit(solved.column(l));
      scorers.add(Scorer.linear(unit, -dot(mean, unit)));
    }
    return scorers;
  }
}
