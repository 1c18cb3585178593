package dev.sonde.probe.stepimportance.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.probe.stepimportance.chain.Mask;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class InfluenceMatrixTest {
  private static final double[] THETAS = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0};

  @Test
  void itIsStrictlyLowerTriangular() {
    InfluenceMatrix matrix = drawn(5, 1);
    for (int target = 0; target < 5; target++) {
      for (int source = target; source < 5; source++) {
        assertThat(matrix.cells()[target][source]).isZero();
      }
    }
  }

  @Test
  void theFewestStrongestSourcesReachTheShare() {
    InfluenceMatrix matrix = new InfluenceMatrix(row(1, 5, 3, 1), steps(5));

    assertThat(matrix.strongest(4, 0.5)).containsExactly(1);
    assertThat(matrix.strongest(4, 0.6)).containsExactly(1, 2);
    assertThat(matrix.strongest(4, 0.9)).containsExactly(0, 1, 2, 3); // both ones are as strong
  }

  @Test
  void aSourceWithoutInfluenceIsNeverKept() {
    InfluenceMatrix matrix = new InfluenceMatrix(row(0, 2, 0, 1), steps(5));

    assertThat(matrix.strongest(4, 1)).containsExactly(1, 3);
    assertThat(matrix.strongest(3, 1)).isEmpty();
  }

  @Test
  void masksGrowWithTheta() {
    for (int seed = 0; seed < 50; seed++) {
      InfluenceMatrix matrix = drawn(9, seed);
      Mask before = Mask.of();
      for (double theta : THETAS) {
        Mask mask = matrix.reached(theta);
        assertThat(mask.covers(before)).isTrue();
        before = mask;
      }
    }
  }

  @Test
  void aThetaOfOneKeepsAllFromWhichTheRootIsReached() {
    double[][] cells = new double[5][5];
    cells[4][2] = 0.1;
    cells[2][0] = 1e-30;
    cells[3][1] = 7; // bears on nothing that bears on the root
    assertThat(new InfluenceMatrix(cells, steps(5)).reached(1)).isEqualTo(Mask.of(0, 2, 4));
  }

  @Test
  void theMeanIsOverTheLaterStepsThatAreInfluenced() {
    double[][] cells = new double[4][4];
    cells[1][0] = 3;
    cells[3][0] = 1;
    assertThat(new InfluenceMatrix(cells, steps(4)).meanOnLater(0))
        .isEqualTo(2, Offset.offset(1e-12));
  }

  private static double[][] row(double... last) {
    double[][] cells = new double[last.length + 1][last.length + 1];
    System.arraycopy(last, 0, cells[last.length], 0, last.length);
    return cells;
  }

  private static InfluenceMatrix drawn(int size, int seed) {
    Random random = new Random(seed);
    double[][] cells = new double[size][size];
    for (double[] row : cells) {
      for (int c = 0; c < size; c++) {
        row[c] = random.nextInt(4) == 0 ? 0 : random.nextDouble();
      }
    }
    return new InfluenceMatrix(cells, steps(size));
  }

  private static int[] steps(int count) {
    return Mask.first(count).steps();
  }
}
