package dev.sonde.probe.linear;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Design;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import java.util.ArrayList;
import java.util.List;

/**
 * Scores a row by its projection on the unit vector from the negative to the positive class mean,
 * measured from the middle between the means. The class means of many labelings are one matrix
 * product. Graded targets are parted at their mean.
 */
final class DifferenceOfMeans implements Decoder {
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
    Matrix means = train.transposeTimes(classAverages(train.rows(), many));
    List<Scorer> scorers = new ArrayList<>();
    for (int l = 0; l < many.size(); l++) {
      double[] positive = column(means, 2 * l);
      double[] negative = column(means, 2 * l + 1);
      double[] unit = Directions.unit(Directions.minus(positive, negative));
      double middle = (Directions.dot(positive, unit) + Directions.dot(negative, unit)) / 2;
      scorers.add(Scorer.linear(unit, -middle));
    }
    return scorers;
  }

  /** Two columns per labeling: 1/n of its class in the rows of the class, 0 elsewhere. */
  private static Matrix classAverages(int rows, List<Targets> many) {
    Matrix averages = Matrix.zeros(Matrix.Type.FLOAT32, rows, 2 * many.size());
    for (int l = 0; l < many.size(); l++) {
      Targets classes = Directions.classes(many.get(l));
      int positives = classes.positives();
      for (int row = 0; row < rows; row++) {
        if (classes.positive(row)) {
          averages.set(row, 2 * l, 1.0 / positives);
        } else {
          averages.set(row, 2 * l + 1, 1.0 / (rows - positives));
        }
      }
    }
    return averages;
  }

  private static double[] column(Matrix matrix, int column) {
    double[] values = new double[matrix.rows()];
    for (int row = 0; row < values.length; row++) {
      values[row] = matrix.get(row, column);
    }
    return values;
  }
}
