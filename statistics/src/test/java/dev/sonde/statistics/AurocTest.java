package dev.sonde.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.statistics.inference.MannWhitneyUTest;
import org.junit.jupiter.api.Test;

class AurocTest {
  private final Random random = new Random(1);
  private final double[] scores = random.doubles(30).map(s -> Math.floor(8 * s)).toArray();
  private final boolean[] positive = new boolean[30];

  AurocTest() {
    for (int i = 0; i < 30; i++) {
      positive[i] = random.nextInt(3) == 0;
    }
  }

  @Test
  void itIsTheShareOfConcordantPairsWithTiesCountedHalf() {
    double[] weights = random.ints(30, 0, 4).asDoubleStream().toArray();
    double concordant = 0;
    double all = 0;
    for (int p = 0; p < 30; p++) {
      for (int n = 0; n < 30; n++) {
        if (positive[p] && !positive[n]) {
          double weight = weights[p] * weights[n];
          all += weight;
          concordant += weight * (scores[p] > scores[n] ? 1 : scores[p] == scores[n] ? 0.5 : 0);
        }
      }
    }
    assertThat(Auroc.of(scores, positive).pairs(weights))
        .isEqualTo(new Auroc.Pairs(concordant, all));
  }

  @Test
  void itIsMannAndWhitneysUOverTheNumberOfPairs() {
    double[] above = chosen(true);
    double[] below = chosen(false);
    double u = MannWhitneyUTest.withDefaults().statistic(above, below);
    assertThat(Auroc.count(scores, positive).auroc())
        .isCloseTo(u / (above.length * below.length), within(1e-12));
  }

  @Test
  void countingManyRowsGivesWhatSortingThemGives() {
    int rows = 6000;
    double[] many =
        random.doubles(rows, -3, 3).map(s -> (float) (Math.rint(50 * s) / 50)).toArray();
    many[5] = -0.0;
    many[6] = 1e6;
    boolean[] labels = new boolean[rows];
    for (int row = 0; row < rows; row++) {
      labels[row] = random.nextDouble() < 0.3 + 0.1 * many[row];
    }
    double[] once = new double[rows];
    Arrays.fill(once, 1);
    assertThat(Auroc.count(many, labels)).isEqualTo(Auroc.of(many, labels).pairs(once));
  }

  private double[] chosen(boolean side) {
    return IntStream.range(0, 30)
        .filter(i -> positive[i] == side)
        .mapToDouble(i -> scores[i])
        .toArray();
  }

  @Test
  void countingOnceIsWeighingEachRowOnce() {
    double[] once = new double[30];
    Arrays.fill(once, 1);
    assertThat(Auroc.count(scores, positive)).isEqualTo(Auroc.of(scores, positive).pairs(once));
  }

  @Test
  void scoresTurnedRoundGiveWhatIsMissingToOne() {
    double[] turned = Arrays.stream(scores).map(s -> -s).toArray();
    assertThat(Auroc.count(turned, positive).auroc())
        .isCloseTo(1 - Auroc.count(scores, positive).auroc(), within(1e-12));
  }

  @Test
  void constantScoresAreAtChanceAndOneClassHasNone() {
    assertThat(Auroc.count(new double[30], positive).auroc()).isEqualTo(0.5);
    assertThat(Auroc.count(scores, new boolean[30]).auroc()).isNaN();
  }

  @Test
  void pairsOfSeveralFoldsAddUp() {
    Auroc.Pairs sum = new Auroc.Pairs(3, 4).plus(new Auroc.Pairs(0, 2));
    assertThat(sum.auroc()).isEqualTo(0.5);
  }
}
