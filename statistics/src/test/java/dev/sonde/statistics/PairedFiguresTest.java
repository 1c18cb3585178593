package dev.sonde.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PairedFiguresTest {
  private static final int ROWS = 400;
  private static final int FOLDS = 4;

  /** Data sets whose intervals are counted. */
  private static final int SETS = 400;

  private static final double GROUP = 0.5;
  private static final double OWN = 0.5;

  /** What the second way loses over pairs of rows of different groups, of which nearly all are. */
  private static final double TRUE_LOSS =
      normal(1 / Math.sqrt(2 * (1 + GROUP * GROUP)))
          - normal(1 / Math.sqrt(2 * (1 + GROUP * GROUP + OWN * OWN)));

  private final Random random = new Random(8);
  private final Groups groups = Groups.of(IntStream.range(0, ROWS).mapToObj(r -> r / 10).toList());
  private final boolean[] positive = positives();
  private final int[] folds = IntStream.range(0, ROWS).map(row -> row / 10 % FOLDS).toArray();
  private final PairedFigures paired = new PairedFigures(groups, positive, folds, random);

  @Test
  void pairsOfRowsOfDifferentFoldsDoNotCount() {
    double[] scores = new double[ROWS];
    Arrays.setAll(scores, row -> 100.0 * folds[row] + (positive[row] ? 1 : 0));
    double[] once = new double[ROWS];
    Arrays.fill(once, 1);
    assertThat(FoldAuroc.of(scores, positive, folds).value(once)).isEqualTo(1);
    assertThat(Auroc.count(scores, positive).auroc()).isLessThan(0.8);
  }

  @Test
  void rowsThatNoFoldHeldOutDoNotCount() {
    int[] some = folds.clone();
    double[] scores = noisy(0.5);
    for (int row = 0; row < ROWS; row += 7) {
      some[row] = -1;
      scores[row] = Double.NaN;
    }
    PairedFigures.Pair pair =
        new PairedFigures(groups, positive, some, random).auroc(scores, scores);
    assertThat(pair.first().value()).isBetween(0.8, 1.0);
    assertThat(FoldThresholds.of(scores, positive, some, 0.1).orElseThrow().flags(scores)[0])
        .isNaN();
  }

  @Test
  void aThresholdIsSetOnTheOtherFoldsAndKeepsItsRate() {
    double[] scores = noisy(1);
    FoldThresholds thresholds = FoldThresholds.of(scores, positive, folds, 0.1).orElseThrow();
    for (int fold = 0; fold < FOLDS; fold++) {
      double threshold = thresholds.of(10 * fold);
      int own = fold;
      int[] others =
          IntStream.range(0, ROWS).filter(r -> folds[r] != own && !positive[r]).toArray();
      long above = IntStream.of(others).filter(row -> scores[row] > threshold).count();
      assertThat(above).isEqualTo((others.length + 1) / 10 - 1);
    }
    double[] flags = thresholds.flags(scores);
    assertThat(paired.share(flags, flags, false).first().value()).isCloseTo(0.1, within(0.06));
  }

  @Test
  void withOneFoldThereIsNothingToSetAThresholdOn() {
    assertThat(FoldThresholds.of(noisy(1), positive, new int[ROWS], 0.1)).isEmpty();
  }

  @Test
  void whatBothHaveInCommonIsNoDifference() {
    double[] scores = noisy(1.5);
    double[] almost = scores.clone();
    Arrays.setAll(almost, row -> scores[row] + 0.05 * random.nextGaussian());
    PairedFigures.Pair same = paired.auroc(scores, almost);
    PairedFigures.Pair other = paired.auroc(scores, noisy(1.5));
    assertThat(width(same.difference())).isLessThan(width(other.difference()) / 3);
    assertThat(same.difference().interval().low()).isNegative();
    assertThat(same.difference().interval().high()).isPositive();
    PairedFigures.Pair worse = paired.auroc(scores, noisy(6));
    assertThat(worse.difference().low()).isPositive();
    assertThat(worse.difference().value())
        .isCloseTo(worse.first().value() - worse.second().value(), within(1e-12));
  }

  @Test
  void intervalsOfADifferenceHoldTheTrueOneAboutAsOftenAsTheySay() {
    for (int groupsOfSet : new int[] {12, 40}) {
      int held = 0;
      for (int set = 0; set < SETS; set++) {
        Estimate difference = planted(groupsOfSet).difference();
        held += difference.low() <= TRUE_LOSS && difference.high() >= TRUE_LOSS ? 1 : 0;
      }
      assertThat(held / (double) SETS).as("%d groups", groupsOfSet).isBetween(0.92, 0.98);
    }
  }

  /** Groups of ten rows whose scores move together; the second way has some noise of its own. */
  private PairedFigures.Pair planted(int count) {
    int rows = 10 * count;
    double[] first = new double[rows];
    double[] second = new double[rows];
    boolean[] labels = new boolean[rows];
    for (int group = 0; group < count; group++) {
      double common = GROUP * random.nextGaussian();
      for (int row = 10 * group; row < 10 * group + 10; row++) {
        labels[row] = row % 2 == 0;
        first[row] = (labels[row] ? 1 : 0) + common + random.nextGaussian();
        second[row] = first[row] + OWN * random.nextGaussian();
      }
    }
    Groups numbered = Groups.of(IntStream.range(0, rows).mapToObj(row -> row / 10).toList());
    return new PairedFigures(numbered, labels, new int[rows], random).auroc(first, second);
  }

  /** Groups whose scores are turned around cost twice what the AUROC is above one half. */
  @Test
  void aLossThatFewGroupsBearIsRarelyMissed() {
    double share = 0.06;
    double loss = share * (2 * normal(1 / Math.sqrt(2 * (1 + GROUP * GROUP))) - 1);
    int missed = 0;
    for (int set = 0; set < SETS; set++) {
      missed += turned(60, share).difference().high() < loss ? 1 : 0;
    }
    assertThat(missed / (double) SETS).isLessThan(0.05);
  }

  @Test
  void aShareOfSomeGroupsHasNoMoreFreedomThanThey() {
    double[] marks = new double[ROWS];
    Arrays.setAll(marks, row -> row / 10 % 2);
    int rows = 60;
    PairedFigures.Pair pair = paired.share(marks, new double[ROWS], row -> row < rows);
    Estimate alone =
        new GroupJackknife(
                Groups.of(IntStream.range(0, rows).mapToObj(r -> r / 10).toList()), random)
            .bounded(
                weights -> WeightedMean.of(marks, IntStream.range(0, rows).toArray(), weights),
                0,
                1,
                6);
    assertThat(pair.groups()).isEqualTo(6);
    assertThat(pair.first()).isEqualTo(alone);
  }

  /** One label a group; the second way turns the scores of some groups around. */
  private PairedFigures.Pair turned(int count, double share) {
    int rows = 10 * count;
    double[] first = new double[rows];
    double[] second = new double[rows];
    boolean[] labels = new boolean[rows];
    for (int group = 0; group < count; group++) {
      double common = GROUP * random.nextGaussian();
      boolean hit = random.nextDouble() < share;
      for (int row = 10 * group; row < 10 * group + 10; row++) {
        labels[row] = group % 2 == 0;
        first[row] = (labels[row] ? 1 : 0) + common + random.nextGaussian();
        second[row] = hit ? 1 - first[row] : first[row];
      }
    }
    Groups numbered = Groups.of(IntStream.range(0, rows).mapToObj(row -> row / 10).toList());
    return new PairedFigures(numbered, labels, new int[rows], random).auroc(first, second);
  }

  @Test
  void aDifferenceOfSharesThatBothStandAtTheirEndIsNoPoint() {
    double[] none = new double[ROWS];
    PairedFigures.Pair pair = paired.share(none, none, true);
    assertThat(pair.difference().value()).isZero();
    assertThat(pair.difference().high()).isPositive();
    assertThat(paired.mean(none, none, row -> true).difference().value()).isZero();
  }

  /** The normal distribution, by the sum of its density. */
  private static double normal(double z) {
    int steps = 10_000;
    double sum = 0;
    for (int i = 0; i < steps; i++) {
      double x = z * (i + 0.5) / steps;
      sum += Math.exp(-x * x / 2) * z / steps;
    }
    return 0.5 + sum / Math.sqrt(2 * Math.PI);
  }

  private static double width(Estimate estimate) {
    return estimate.high() - estimate.low();
  }

  private double[] noisy(double deviation) {
    double[] scores = new double[ROWS];
    Arrays.setAll(scores, row -> (positive[row] ? 1 : 0) + deviation * random.nextGaussian());
    return scores;
  }

  private static boolean[] positives() {
    boolean[] positive = new boolean[ROWS];
    for (int row = 0; row < ROWS; row++) {
      positive[row] = row % 3 == 0;
    }
    return positive;
  }
}
