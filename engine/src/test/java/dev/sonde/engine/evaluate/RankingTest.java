package dev.sonde.engine.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.evaluate.Targets;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RankingTest {
  @Test
  void theAurocIsTheShareOfConcordantPairsWithTiesCountedHalf() {
    Random random = new Random(1);
    for (int trial = 0; trial < 50; trial++) {
      double[] scores = random.doubles(30).map(s -> Math.floor(8 * s)).toArray();
      boolean[] positive = new boolean[30];
      int[] weights = random.ints(30, 0, 4).toArray();
      for (int i = 0; i < 30; i++) {
        positive[i] = random.nextInt(3) == 0;
      }
      Ranking ranking = Ranking.of(rows(30), scores, Targets.binary(positive));
      assertThat(ranking.pairs(row -> weights[row]).auroc())
          .isCloseTo(bruteForce(scores, positive, weights), within(1e-12));
      assertThat(Ranking.count(rows(30), scores, Targets.binary(positive)))
          .isEqualTo(ranking.pairs());
    }
  }

  @Test
  void constantScoresAreAtChanceAndOneClassHasNoAuroc() {
    boolean[] positive = {true, false, true};
    Ranking tied = Ranking.of(rows(3), new double[3], Targets.binary(positive));
    assertThat(tied.pairs().auroc()).isEqualTo(0.5);
    Ranking single = Ranking.of(new int[] {0, 2}, new double[3], Targets.binary(positive));
    assertThat(single.pairs().auroc()).isNaN();
  }

  private static int[] rows(int count) {
    return IntStream.range(0, count).toArray();
  }

  private static double bruteForce(double[] scores, boolean[] positive, int[] weights) {
    double concordant = 0;
    double pairs = 0;
    for (int p = 0; p < scores.length; p++) {
      for (int n = 0; n < scores.length; n++) {
        if (positive[p] && !positive[n]) {
          double weight = weights[p] * weights[n];
          pairs += weight;
          concordant += weight * (scores[p] > scores[n] ? 1 : scores[p] == scores[n] ? 0.5 : 0);
        }
      }
    }
    return concordant / pairs;
  }
}
