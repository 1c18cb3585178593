package dev.sonde.probe.position.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.probe.position.read.CausalPairs;
import dev.sonde.testkit.TextbookAlgebra;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Least squares on the axes: identities 1, 2, 3, 9 and 11 of the position brief, section 9. */
class AxisFitTest {
  private static final int SIZE = 20;

  private final LinearAlgebra algebra = new TextbookAlgebra();
  private final CausalPairs cells = new CausalPairs(SIZE, SIZE);
  private final AxisFit fit = new AxisFit(cells, algebra);
  private final Random random = new Random(3);

  private static double[] sum(
      CausalPairs cells, IntToDoubleFunction a, IntToDoubleFunction b, IntToDoubleFunction c) {
    double[] sum = new double[cells.count()];
    for (int i = 0; i < cells.size(); i++) {
      for (int j = cells.from(i); j <= i; j++) {
        sum[cells.start(i) + j - cells.from(i)] =
            a.applyAsDouble(i - j) + b.applyAsDouble(i) + c.applyAsDouble(j);
      }
    }
    return sum;
  }

  private IntToDoubleFunction axis() {
    double[] values = random.doubles(SIZE).toArray();
    return i -> values[i];
  }

  private double explained(CausalPairs of, double[] logits) {
    AxisFit own = new AxisFit(of, algebra);
    return own.explainedByThree(logits, own.centred(logits));
  }

  @Test
  void aSumOfThreeAxesIsFittedExactly() {
    double[] logits = sum(cells, axis(), axis(), axis());
    assertThat(fit.three(logits, fit.centred(logits)).fitted())
        .containsExactly(logits, within(1e-9));
    assertThat(explained(cells, logits)).isCloseTo(1, within(1e-10));
  }

  @Test
  void aSumOfThreeAxesIsFittedExactlyInASlidingWindowToo() {
    CausalPairs narrow = new CausalPairs(SIZE, 7);
    double[] logits = sum(narrow, axis(), axis(), axis());
    assertThat(explained(narrow, logits)).isCloseTo(1, within(1e-10));
  }

  @Test
  void theAxesThemselvesComeBackUpToTheirGauge() {
    IntToDoubleFunction a = axis();
    double[] logits = sum(cells, a, i -> 0, j -> 0);
    AxisFit.Parts parts = fit.three(logits, fit.centred(logits));
    for (int d = 0; d < SIZE; d++) {
      assertThat(parts.distance()[d]).isCloseTo(a.applyAsDouble(d), within(1e-9));
    }
    assertThat(parts.query()).containsExactly(new double[SIZE], within(1e-9));
    assertThat(parts.key()).containsExactly(new double[SIZE], within(1e-9));
  }

  @Test
  void queriesAndKeysHaveNoMeanAndKeysNoSlope() {
    double[] logits = Heads.noise(cells, 5);
    AxisFit.Parts parts = fit.three(logits, fit.centred(logits));
    double slope = 0;
    for (int j = 0; j < SIZE; j++) {
      slope += j * parts.key()[j];
    }
    assertThat(Moments.mean(parts.query())).isCloseTo(0, within(1e-9));
    assertThat(Moments.mean(parts.key())).isCloseTo(0, within(1e-9));
    assertThat(slope).isCloseTo(0, within(1e-8));
  }

  @Test
  void threeAxesHaveThreeFreeNumbersLessThanTheyHaveEntries() {
    int unknowns = 3 * SIZE;
    double[][] design = new double[cells.count()][unknowns];
    for (int i = 0; i < SIZE; i++) {
      for (int j = 0; j <= i; j++) {
        double[] row = design[cells.start(i) + j];
        row[i - j] = 1;
        row[SIZE + i] = 1;
        row[2 * SIZE + j] = 1;
      }
    }
    assertThat(rank(design)).isEqualTo(AxisFit.rankOfThree(cells)).isEqualTo(3 * SIZE - 3);
  }

  /** By elimination; entries are whole numbers, so that nothing is nearly zero. */
  private static int rank(double[][] rows) {
    int rank = 0;
    for (int column = 0; column < rows[0].length; column++) {
      int pivot = rank;
      for (int row = rank; row < rows.length; row++) {
        pivot = Math.abs(rows[row][column]) > Math.abs(rows[pivot][column]) ? row : pivot;
      }
      if (rank == rows.length || Math.abs(rows[pivot][column]) < 1e-9) {
        continue;
      }
      double[] best = rows[pivot];
      rows[pivot] = rows[rank];
      rows[rank] = best;
      for (int row = rank + 1; row < rows.length; row++) {
        double factor = rows[row][column] / best[column];
        for (int c = column; c < best.length; c++) {
          rows[row][c] -= factor * best[c];
        }
      }
      rank++;
    }
    return rank;
  }

  @Test
  void noiseReachesTheNullLevelAndNoMore() {
    double mean =
        random
            .longs(20)
            .mapToDouble(seed -> explained(cells, Heads.noise(cells, seed)))
            .average()
            .orElseThrow();
    // R² of noise is rank less the constant over cells less one
    assertThat(Math.sqrt(mean)).isCloseTo(AxisFit.nullLevel(cells), within(0.03));
    assertThat(AxisFit.nullLevel(new CausalPairs(32, 32))).isCloseTo(0.42, within(0.01));
  }

  @Test
  void theShortWayToR2IsTheLongOne() {
    double[] logits = Heads.noise(cells, 8);
    AxisFit.Centred centred = fit.centred(logits);
    Shares shares = Shares.of(cells, logits, 0);
    EstimatorFit one = EstimatorFit.of(logits, shares, fit.three(logits, centred).fitted());
    EstimatorFit two = EstimatorFit.of(centred.cells(), shares, fit.two(centred).fitted());
    assertThat(fit.explainedByThree(logits, centred)).isCloseTo(one.explained(), within(1e-9));
    assertThat(fit.explainedByTwo(centred)).isCloseTo(two.explained(), within(1e-9));
    assertThat(one.r() * one.r()).isCloseTo(one.explained(), within(1e-9));
    assertThat(two.r() * two.r()).isCloseTo(two.explained(), within(1e-9));
  }

  @Test
  void distanceAndKeyExplainNoLessThanEitherAlone() {
    AxisFit.Centred centred = fit.centred(Heads.noise(cells, 9));
    assertThat(fit.explainedByTwo(centred))
        .isGreaterThan(fit.explainedByDistance(centred))
        .isGreaterThan(fit.explainedByKey(centred));
  }

  @Test
  void anAlibiHeadIsDistanceAndKeyAlone() {
    double[] logits = sum(cells, d -> -0.25 * d, i -> 0, j -> 0);
    AxisFit.Centred centred = fit.centred(logits);
    Shares shares = Shares.of(cells, logits, 0);
    EstimatorFit score = EstimatorFit.of(centred.cells(), shares, fit.two(centred).fitted());
    assertThat(score.r()).isCloseTo(1, within(1e-10));
    assertThat(score.explained()).isCloseTo(1, within(1e-10));
    assertThat(score.divergence()).isCloseTo(0, within(1e-10));
  }

  /** T5's buckets: a number of its own for each near distance, one for many far ones. */
  private static double bucket(int distance) {
    return distance < 4 ? 2 - distance : -Math.floor(Math.log(distance) / Math.log(2));
  }

  @Test
  void ofAT5HeadTheDistanceAxisIsItsBucketsUpToATilt() {
    IntToDoubleFunction content = axis();
    double[] logits = sum(cells, AxisFitTest::bucket, i -> 0, content);
    assertThat(explained(cells, logits)).isCloseTo(1, within(1e-10));
    double[] distance = fit.three(logits, fit.centred(logits)).distance();
    assertThat(distance[5] - 2 * distance[6] + distance[7])
        .as("inside a bucket")
        .isCloseTo(0, within(1e-9));
    assertThat(distance[6] - 2 * distance[7] + distance[8])
        .as("where the next begins")
        .isCloseTo(-1, within(1e-9));
  }

  @Test
  void learnedPositionsAreNoDistanceAxis() {
    double[] places = random.doubles(SIZE).map(x -> x - 0.5).toArray();
    double[] logits = new double[cells.count()];
    for (int i = 0; i < SIZE; i++) {
      for (int j = 0; j <= i; j++) {
        logits[cells.start(i) + j] = places[i] * places[j];
      }
    }
    assertThat(fit.explainedByDistance(fit.centred(logits)))
        .as("a product of places is no function of their distance")
        .isLessThan(0.5);
  }

  @Test
  void aConstantOnARowIsTheQuerysAloneAndSoftmaxDoesNotSeeIt() {
    double[] logits = Heads.noise(cells, 11);
    double[] raised = logits.clone();
    int row = 13;
    for (int cell = cells.start(row); cell < cells.start(row) + cells.keys(row); cell++) {
      raised[cell] += 2;
    }
    AxisFit.Parts before = fit.three(logits, fit.centred(logits));
    AxisFit.Parts after = fit.three(raised, fit.centred(raised));
    double share = 2.0 / SIZE; // the mean of queries stays 0: the rest goes to distances
    for (int i = 0; i < SIZE; i++) {
      assertThat(after.query()[i] - before.query()[i])
          .isCloseTo((i == row ? 2 : 0) - share, within(1e-9));
      assertThat(after.key()[i]).isCloseTo(before.key()[i], within(1e-9));
      assertThat(after.distance()[i] - before.distance()[i]).isCloseTo(share, within(1e-9));
    }
    assertThat(Shares.of(cells, logits, 0).divergence(raised)).isCloseTo(0, within(1e-12));
    double[] centred = fit.centred(raised).cells();
    assertThat(centred).containsExactly(fit.centred(logits).cells(), within(1e-12));
  }

  @Test
  void packedCellsAreCountedAsTheyAreReached() {
    for (CausalPairs each :
        new CausalPairs[] {cells, new CausalPairs(9, 4), new CausalPairs(5, 1)}) {
      int count = 0;
      for (int i = 0; i < each.size(); i++) {
        assertThat(each.start(i)).isEqualTo(count);
        count += each.keys(i);
      }
      assertThat(each.count()).isEqualTo(count);
    }
    assertThat(Arrays.stream(new int[] {0, 3, 8}).map(new CausalPairs(9, 4)::from))
        .containsExactly(0, 0, 5);
  }
}
