package dev.sonde.probe.linear;

import static dev.sonde.probe.linear.Directions.dot;

import dev.sonde.api.evaluate.Design;
import dev.sonde.api.evaluate.LinearForm;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.Slopes;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Scores a row by its projection on the unit vector from the negative to the positive class mean,
 * measured from the middle between the means. Of graded targets without a cut the direction is what
 * the mean row changes by per unit of target, measured from the mean of all rows; those with a cut
 * are parted there.
 */
final class DifferenceOfMeans implements SharedFit {
  @Override
  public Optional<LinearForm> linearForm() {
    return Optional.of(LinearForm.shrunk(false, 0, 1, true));
  }

  @Override
  public List<Scorer> fitAll(Design train, List<Targets> many) {
    List<Targets> fitted =
        many.stream().anyMatch(targets -> targets.cut().isPresent())
            ? many.stream().map(Targets::classes).toList()
            : many;
    Slopes slopes = train.slopes(fitted);
    double[] mean = mean(train);
    List<Scorer> scorers = new ArrayList<>();
    for (int l = 0; l < fitted.size(); l++) {
      double[] difference = slopes.slopes().column(l);
      double[] unit = Directions.unit(difference);
      double apart = fitted.get(l).isBinary() ? 0.5 - slopes.targetMeans()[l] : 0;
      double middle = dot(mean, unit) + apart * dot(difference, unit);
      scorers.add(Scorer.linear(unit, -middle));
    }
    return scorers;
  }

  private static double[] mean(Design rows) {
    Matrix shares = Matrix.zeros(Matrix.Type.FLOAT32, rows.rows(), 1);
    for (int row = 0; row < rows.rows(); row++) {
      shares.set(row, 0, 1.0 / rows.rows());
    }
    return rows.transposeTimes(shares).column(0);
  }
}
