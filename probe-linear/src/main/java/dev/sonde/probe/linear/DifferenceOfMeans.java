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
 * product. Of graded targets, the classes are what lies above and below the mean target.
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

  /**
   * Two columns per labeling that average the rows above and below the mean target, each row as far
   * as it lies from it: for two classes, 1/n of the class.
   */
  private static Matrix classAverages(int rows, List<Targets> many) {
    Matrix averages = Matrix.zeros(Matrix.Type.FLOAT32, rows, 2 * many.size());
    for (int l = 0; l < many.size(); l++) {
      Targets targets = many.get(l);
      double mean = targets.mean();
      double above = 0;
      for (int row = 0; row < rows; row++) {
        above += Math.max(0, targets.value(row) - mean);
      }
      for (int row = 0; row < rows; row++) {
        double apart = targets.value(row) - mean;
        averages.set(row, apart > 0 ? 2 * l : 2 * l + 1, Math.abs(apart) / above);
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
