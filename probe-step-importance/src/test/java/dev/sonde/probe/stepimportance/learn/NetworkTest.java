package dev.sonde.probe.stepimportance.learn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.statistics.GroupFolds;
import dev.sonde.statistics.Groups;
import dev.sonde.testkit.TextbookAlgebra;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NetworkTest {
  private static final int ROWS = 200;

  @Test
  void aHiddenLayerLearnsWhatNoLineParts() {
    Random random = new Random(1);
    double[][] cells = new double[ROWS][2];
    boolean[] labels = new boolean[ROWS];
    for (int r = 0; r < ROWS; r++) {
      cells[r] = new double[] {random.nextGaussian(), random.nextGaussian()};
      labels[r] = cells[r][0] * cells[r][1] > 0;
    }
    int[] folds = GroupFolds.balanced(Groups.ofSingleRows(ROWS), labels, 4, random);
    Features features = Features.standardised(Matrix.of(Matrix.Type.FLOAT32, cells));

    assertThat(share(heldOut(features, labels, folds, 32), labels)).isGreaterThan(0.85);
    assertThat(share(heldOut(features, labels, folds), labels)).isBetween(0.35, 0.65);
  }

  @Test
  void labelsWithoutAnyMeaningAreNotLearnt() {
    Random random = new Random(2);
    double[][] cells = new double[2 * ROWS][5];
    boolean[] labels = new boolean[2 * ROWS];
    for (int r = 0; r < labels.length; r++) {
      cells[r] = random.doubles(5).toArray();
      labels[r] = r % 2 == 0;
    }
    int[] folds = GroupFolds.balanced(Groups.ofSingleRows(labels.length), labels, 5, random);
    Features features = Features.standardised(Matrix.of(Matrix.Type.FLOAT32, cells));

    // Three standard errors of 400 fair coins are 0.075.
    assertThat(share(heldOut(features, labels, folds, 8), labels)).isBetween(0.425, 0.575);
  }

  private static double[] heldOut(Features features, boolean[] labels, int[] folds, int... hidden) {
    Network.Training training = new Network.Training(hidden, 60, 32, 1e-2, 1e-4);
    return new StepCrossValidation(new TextbookAlgebra(), () -> 7)
        .network(features, labels, folds, training);
  }

  private static double share(double[] scores, boolean[] labels) {
    boolean[] right = StepCrossValidation.right(scores, labels);
    double count = 0;
    for (boolean each : right) {
      count += each ? 1 : 0;
    }
    return count / right.length;
  }
}
