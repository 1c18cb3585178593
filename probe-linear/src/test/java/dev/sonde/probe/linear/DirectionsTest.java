package dev.sonde.probe.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import java.util.Random;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/** The identities of the reasoning-direction brief, section 10. */
class DirectionsTest {
  private static final IntPredicate ALL = row -> true;
  private static final int ROWS = 60;
  private static final int WIDTH = 9;

  private final Random random = new Random(4);
  private final Matrix rows = randomRows();
  private final Targets targets = targets(false);

  @Test
  void exchangingTheClassesTurnsTheDirectionRound() {
    double[] forward = Directions.differenceOfMeans(rows, targets, ALL);
    double[] backward = Directions.differenceOfMeans(rows, targets(true), ALL);
    for (int c = 0; c < WIDTH; c++) {
      assertThat(backward[c]).isEqualTo(-forward[c]);
    }
  }

  @Test
  void aConstantAddedToAllStatesLeavesItAndAScaleScalesIt() {
    double[] before = Directions.differenceOfMeans(rows, targets, ALL);
    Matrix shifted = Matrix.zeros(Matrix.Type.FLOAT64, ROWS, WIDTH);
    Matrix scaled = Matrix.zeros(Matrix.Type.FLOAT64, ROWS, WIDTH);
    for (int row = 0; row < ROWS; row++) {
      for (int c = 0; c < WIDTH; c++) {
        shifted.set(row, c, rows.get(row, c) + 5 - c);
        scaled.set(row, c, 3 * rows.get(row, c));
      }
    }
    double[] ofShifted = Directions.differenceOfMeans(shifted, targets, ALL);
    double[] ofScaled = Directions.differenceOfMeans(scaled, targets, ALL);
    for (int c = 0; c < WIDTH; c++) {
      assertThat(ofShifted[c]).isCloseTo(before[c], within(1e-12));
      assertThat(ofScaled[c]).isCloseTo(3 * before[c], within(1e-12));
    }
  }

  @Test
  void theClassesMeanProjectionsAreTheDirectionsLengthApart() {
    double[] direction = Directions.differenceOfMeans(rows, targets, ALL);
    double[] unit = Directions.unit(direction);
    double gap = 0;
    for (int row = 0; row < ROWS; row++) {
      double share =
          targets.positive(row) ? 1.0 / targets.positives() : -1.0 / (ROWS - targets.positives());
      gap += share * Directions.dot(rows.row(row), unit);
    }
    assertThat(gap).isCloseTo(Directions.norm(direction), within(1e-7));
  }

  @Test
  void aDirectionThatVanishesHasFiniteProjectionsAndNoCosine() {
    double[] nothing = new double[WIDTH];
    assertThat(Directions.unit(nothing)).containsOnly(0);
    assertThat(Directions.cosine(rows.row(0), nothing)).isZero();
  }

  @Test
  void aPlantedDirectionIsRecoveredAsNoiseVanishes() {
    double[] planted = random.doubles(WIDTH, -1, 1).toArray();
    for (double noise : new double[] {1, 0.1, 0.001}) {
      Matrix states = Matrix.zeros(Matrix.Type.FLOAT32, ROWS, WIDTH);
      for (int row = 0; row < ROWS; row++) {
        for (int c = 0; c < WIDTH; c++) {
          double sign = targets.positive(row) ? 1 : -1;
          states.set(row, c, sign * planted[c] + noise * random.nextGaussian());
        }
      }
      double[] found = Directions.differenceOfMeans(states, targets, ALL);
      assertThat(Directions.cosine(found, planted)).isGreaterThan(1 - 0.1 * noise);
    }
  }

  @Test
  void heldOutRowsAreMeasuredWithADirectionThatNeverSawThem() {
    int[] folds = new int[ROWS];
    for (int row = 0; row < ROWS; row++) {
      folds[row] = row % 4;
    }
    HeldOutRows held = HeldOutRows.of(HookPoint.of(0, "hook_resid_post"), rows, targets, folds);
    double[] direction = Directions.differenceOfMeans(rows, targets, row -> row % 4 != 1);
    assertThat(held.cosines()[5])
        .isCloseTo(Directions.cosine(rows.row(5), direction), within(1e-12));
    assertThat(held.projections()[5])
        .isCloseTo(Directions.dot(rows.row(5), Directions.unit(direction)), within(1e-12));
    folds[5] = -1;
    assertThat(
            HeldOutRows.of(HookPoint.of(0, "hook_resid_post"), rows, targets, folds).cosines()[5])
        .isNaN();
  }

  private Matrix randomRows() {
    Matrix matrix = Matrix.zeros(Matrix.Type.FLOAT64, ROWS, WIDTH);
    for (int row = 0; row < ROWS; row++) {
      for (int c = 0; c < WIDTH; c++) {
        matrix.set(row, c, random.nextGaussian());
      }
    }
    return matrix;
  }

  private static Targets targets(boolean exchanged) {
    boolean[] positive = new boolean[ROWS];
    for (int row = 0; row < ROWS; row++) {
      positive[row] = (row % 3 == 0) != exchanged;
    }
    return Targets.binary(positive);
  }

  @Test
  void gradedLabelsGiveTheSlopeWhichOfTwoClassesIsTheDifferenceOfMeans() {
    Matrix rows = Matrix.of(Matrix.Type.FLOAT64, new double[][] {{1, 0}, {3, 1}, {5, 0}, {9, 1}});
    double[] slope = Directions.of(rows, Targets.real(new double[] {0, 1, 2, 4}), ALL);
    assertThat(slope).containsExactly(new double[] {2, 1.5 / 8.75}, within(1e-12));
    double[] ofClasses =
        Directions.of(rows, Targets.binary(new boolean[] {false, false, true, true}), ALL);
    double[] ofNumbers = Directions.of(rows, Targets.real(new double[] {0, 0, 1, 1}), ALL);
    assertThat(ofNumbers).containsExactly(ofClasses, within(1e-12));
  }

  @Test
  void gradedLabelsWithACutGiveTheDifferenceOfMeansThere() {
    Matrix rows = Matrix.of(Matrix.Type.FLOAT64, new double[][] {{1, 0}, {3, 1}, {5, 0}, {9, 1}});
    assertThat(Directions.of(rows, Targets.real(new double[] {0, 1, 2, 4}, 3), ALL))
        .containsExactly(new double[] {6, 2.0 / 3}, within(1e-12));
  }
}
