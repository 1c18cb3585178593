package dev.sonde.probe.linear;

import static dev.sonde.probe.linear.Directions.dot;

import dev.sonde.api.evaluate.Design;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.Slopes;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import java.util.ArrayList;
import java.util.List;

/**
 * Scores a row by its projection on the unit vector from the negative to the positive class mean,
 * measured from the middle between the means. Graded targets are parted at their mean.
 */
final class DifferenceOfMeans implements SharedFit {
  @Override
  public List<Scorer> fitAll(Design train, List<Targets> many) {
    List<Targets> classes = classes(many);
    Slopes slopes = train.slopes(classes);
    double[] mean = mean(train);
    List<Scorer> scorers = new ArrayList<>();
    for (int l = 0; l < classes.size(); l++) {
      double[] difference = slopes.slopes().column(l);
      double[] unit = Directions.unit(difference);
      double middle = dot(mean, unit) + (0.5 - slopes.targetMeans()[l]) * dot(difference, unit);
      scorers.add(Scorer.linear(unit, -middle));
    }
    return scorers;
  }

  private static List<Targets> classes(List<Targets> many) {
    return many.stream().allMatch(targets -> targets.isBinary())
        ? many
        : many.stream().map(Directions::classes).toList();
  }

  private static double[] mean(Design rows) {
    Matrix shares = Matrix.zeros(Matrix.Type.FLOAT32, rows.rows(), 1);
    for (int row = 0; row < rows.rows(); row++) {
      shares.set(row, 0, 1.0 / rows.rows());
    }
    return rows.transposeTimes(shares).column(0);
  }
}
