package dev.sonde.probe.stepimportance.learn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.statistics.GroupFolds;
import dev.sonde.statistics.Groups;
import dev.sonde.testkit.TextbookAlgebra;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HeldOutScoresTest {
  private static final int ROWS = 200;

  @Test
  void rowsBehindTheLabelledOnesAreScoredAndNeverLearnt() {
    Random random = new Random(6);
    double[][] cells = new double[ROWS + 2][1];
    boolean[] labels = new boolean[ROWS];
    for (int r = 0; r < ROWS; r++) {
      cells[r][0] = random.nextGaussian();
      labels[r] = cells[r][0] > 0;
    }
    cells[ROWS][0] = 3;
    cells[ROWS + 1][0] = -3;
    int[] folds =
        Arrays.copyOf(GroupFolds.balanced(Groups.ofSingleRows(ROWS), labels, 4, random), ROWS + 2);
    double[] scores =
        new StepCrossValidation(new TextbookAlgebra(), () -> 1)
            .ridge(Features.standardised(Matrix.of(Matrix.Type.FLOAT32, cells)), labels, folds);

    assertThat(scores).hasSize(ROWS + 2);
    assertThat(scores[ROWS]).isPositive();
    assertThat(scores[ROWS + 1]).isNegative();
  }

  @Test
  void ridgeFindsALine() {
    Random random = new Random(3);
    double[][] cells = new double[ROWS][3];
    boolean[] labels = new boolean[ROWS];
    for (int r = 0; r < ROWS; r++) {
      cells[r] = new double[] {random.nextGaussian(), random.nextGaussian(), 5};
      labels[r] = cells[r][0] - cells[r][1] > 0;
    }
    Features features = Features.standardised(Matrix.of(Matrix.Type.FLOAT32, cells));
    StepCrossValidation heldOut = new StepCrossValidation(new TextbookAlgebra(), () -> 1);

    assertThat(
            share(
                heldOut.ridge(
                    features,
                    labels,
                    GroupFolds.balanced(Groups.ofSingleRows(ROWS), labels, 5, random)),
                labels))
        .isGreaterThan(0.93);
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
