package dev.sonde.probe.stepimportance.learn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.statistics.GroupFolds;
import dev.sonde.statistics.Groups;
import dev.sonde.testkit.TextbookAlgebra;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class LearnTest {
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
    int[] folds = folds(labels, 4, random);
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
    int[] folds = folds(labels, 5, random);
    Features features = Features.standardised(Matrix.of(Matrix.Type.FLOAT32, cells));

    // Three standard errors of 400 fair coins are 0.075.
    assertThat(share(heldOut(features, labels, folds, 8), labels)).isBetween(0.425, 0.575);
  }

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
    int[] folds = Arrays.copyOf(folds(labels, 4, random), ROWS + 2);
    double[] scores =
        new HeldOut(new TextbookAlgebra(), () -> 1)
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
    HeldOut heldOut = new HeldOut(new TextbookAlgebra(), () -> 1);

    assertThat(share(heldOut.ridge(features, labels, folds(labels, 5, random)), labels))
        .isGreaterThan(0.93);
  }

  @Test
  void wordsOfHeldOutTextsAreNotSeen() {
    WordFrequencies words = new WordFrequencies(List.of("a b", "a c", "secret word"));
    Features.Fold fold = words.of(new int[] {0, 1}, new int[] {2});

    assertThat(fold.train().columns()).isEqualTo(5); // a, b, c, "a b", "a c"
    assertThat(fold.test().row(0)).containsOnly(0);
    assertThat(Arrays.stream(fold.train().row(0)).map(v -> v * v).sum())
        .isEqualTo(1, Offset.offset(1e-6));
  }

  @Test
  void surfaceFeaturesCountWhatTheyName() {
    assertThat(Surface.of("Let me check: 3 + 4.5 = 7.5", 12, 0.25))
        .containsExactly(0.25, 12, 3, 2, 0, 1, 1, 0, 0);
  }

  @Test
  void activationsReadBackAreTheSame() {
    Matrix matrix = Matrix.of(Matrix.Type.FLOAT32, new double[][] {{1, 2, 3, 4}, {5, 6, 7, 8}});
    StepActivations read = StepActivations.of(new StepActivations(2, 2, List.of(matrix)).bytes());

    assertThat(read.at(1, 0).row(1)).containsExactly(7, 8);
    assertThat(read.meanOverLayers(0).row(0)).containsExactly(2, 3);
  }

  private static int[] folds(boolean[] labels, int count, Random random) {
    return GroupFolds.balanced(Groups.ofSingleRows(labels.length), labels, count, random);
  }

  private static double[] heldOut(Features features, boolean[] labels, int[] folds, int... hidden) {
    Network.Training training = new Network.Training(hidden, 60, 32, 1e-2, 1e-4);
    return new HeldOut(new TextbookAlgebra(), () -> 7).network(features, labels, folds, training);
  }

  private static double share(double[] scores, boolean[] labels) {
    boolean[] right = HeldOut.right(scores, labels);
    double count = 0;
    for (boolean each : right) {
      count += each ? 1 : 0;
    }
    return count / right.length;
  }
}
