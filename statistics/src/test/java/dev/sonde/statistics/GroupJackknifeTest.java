package dev.sonde.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GroupJackknifeTest {
  private static final int SETS = 400;

  /** Two standard errors of a share of 0.9 in 400 data sets. */
  private static final double BAND = 0.03;

  /** Φ(1 / √(2 (1 + 0.7²))) and Φ(3 / √(2 (1 + 0.7²))). */
  private static final double MODERATE = 0.7188;

  private static final double HIGH = 0.9589;

  /** Φ(1 / √(2 (2 + 0.7²))) and Φ(3 / √(2 (2 + 0.7²))): with as much noise again. */
  private static final double MODERATE_NOISIER = 0.6729;

  private static final double HIGH_NOISIER = 0.9107;

  /** Φ(1 / √(2 (1.04 + 0.7²))): with a fifth of the noise on top. */
  private static final double NEARLY_MODERATE = 0.7163;

  @Test
  void intervalsHoldTheTrueValueAsOftenAsThePageSays() throws IOException {
    List<double[]> page = page();
    assertThat(page).hasSize(3);
    for (double[] line : page) {
      assertThat(coverage((int) line[0]))
          .as("%.0f groups", line[0])
          .containsExactly(Arrays.copyOfRange(line, 1, 7), within(BAND));
    }
  }

  /** Lines of the page: groups, a mean, two AUROCs, three differences of two. */
  private static List<double[]> page() throws IOException {
    List<double[]> lines = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("../docs/statistics.md"))) {
      if (line.matches("\\| \\d+ (\\| 0\\.\\d+ ){6}\\|")) {
        lines.add(
            Arrays.stream(line.substring(2, line.length() - 2).split(" \\| "))
                .mapToDouble(Double::parseDouble)
                .toArray());
      }
    }
    return lines;
  }

  private static double[] coverage(int groups) {
    Random random = new Random(groups);
    double[] held = new double[6];
    for (int set = 0; set < SETS; set++) {
      MadeUpRows noise = MadeUpRows.draw(groups, MadeUpRows.Labels.OF_GROUPS, 0, random);
      int[] all = IntStream.range(0, noise.scores().length).toArray();
      Estimate mean = new GroupJackknife(noise.groups(), random).mean(noise.scores(), all);
      held[0] += mean.interval().excludes(0) ? 0 : 1;
      MadeUpRows rows = MadeUpRows.draw(groups, MadeUpRows.Labels.OF_GROUPS, 1, random);
      held[1] += auroc(rows, random).excludes(MODERATE) ? 0 : 1;
      MadeUpRows apart = MadeUpRows.draw(groups, MadeUpRows.Labels.OF_GROUPS, 3, random);
      held[2] += auroc(apart, random).excludes(HIGH) ? 0 : 1;
      held[3] += difference(rows, 1, random).excludes(MODERATE - MODERATE_NOISIER) ? 0 : 1;
      held[4] += difference(rows, 0.2, random).excludes(MODERATE - NEARLY_MODERATE) ? 0 : 1;
      held[5] += difference(apart, 1, random).excludes(HIGH - HIGH_NOISIER) ? 0 : 1;
    }
    return Arrays.stream(held).map(h -> h / SETS).toArray();
  }

  private static Interval auroc(MadeUpRows rows, Random random) {
    Auroc auroc = Auroc.of(rows.scores(), rows.positive());
    return new GroupJackknife(rows.groups(), random)
        .bounded(w -> auroc.pairs(w).auroc(), 0, 1, rows.groups().count() / 2)
        .interval();
  }

  private static Interval difference(MadeUpRows rows, double noise, Random random) {
    double[] noisier =
        Arrays.stream(rows.scores()).map(s -> s + noise * random.nextGaussian()).toArray();
    Auroc better = Auroc.of(rows.scores(), rows.positive());
    Auroc worse = Auroc.of(noisier, rows.positive());
    return new GroupJackknife(rows.groups(), random)
        .difference(
            w -> better.pairs(w).auroc(),
            w -> worse.pairs(w).auroc(),
            0,
            1,
            rows.groups().count() / 2)
        .interval();
  }

  @Test
  void nearlyTheSameScoresDifferByNearlyNothing() {
    Random random = new Random(6);
    MadeUpRows rows = MadeUpRows.draw(8, MadeUpRows.Labels.OF_GROUPS, 1, random);
    Interval own = auroc(rows, random);
    Interval apart = difference(rows, 0.01, random);
    assertThat(apart.high() - apart.low()).isBetween(1e-6, (own.high() - own.low()) / 10);
  }

  @Test
  void theDifferenceOfCorrelationsIsThatOfTheSharesOfTheirRange() {
    GroupJackknife jackknife = jackknife(12);
    double[] values = new Random(2).doubles(24).toArray();
    ToDoubleFunction<double[]> first = w -> mean(values, w, 0);
    ToDoubleFunction<double[]> second = w -> mean(values, w, 12);
    Estimate ofShares = jackknife.difference(first, second, 0, 1, 12);
    Estimate ofCorrelations =
        jackknife.difference(
            w -> 2 * first.applyAsDouble(w) - 1, w -> 2 * second.applyAsDouble(w) - 1, -1, 1, 12);
    assertThat(ofCorrelations.value()).isCloseTo(2 * ofShares.value(), within(1e-12));
    assertThat(ofCorrelations.low()).isCloseTo(2 * ofShares.low(), within(1e-12));
    assertThat(ofCorrelations.high()).isCloseTo(2 * ofShares.high(), within(1e-12));
    assertThat(ofShares.value()).isBetween(ofShares.low(), ofShares.high());
  }

  private static double mean(double[] values, double[] weights, int from) {
    double sum = 0;
    double all = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i] * values[from + i];
      all += weights[i];
    }
    return sum / all;
  }

  @Test
  void pairsInsideGroupsDoNotPullTheIntervalOffItsFigure() {
    Random random = new Random(4);
    for (int set = 0; set < 50; set++) {
      MadeUpRows rows = MadeUpRows.draw(12, MadeUpRows.Labels.OF_ROWS, 1, random);
      Auroc auroc = Auroc.of(rows.scores(), rows.positive());
      Estimate estimate =
          new GroupJackknife(rows.groups(), random).bounded(w -> auroc.pairs(w).auroc(), 0, 1, 12);
      assertThat(estimate.value()).isBetween(estimate.low(), estimate.high());
    }
  }

  @Test
  void aFigureAtItsEndHasNoPointForAnInterval() {
    GroupJackknife jackknife = jackknife(20);
    Estimate perfect = jackknife.bounded(w -> 1, 0, 1, 8);
    assertThat(perfect.low()).isCloseTo(Math.pow(0.025, 1.0 / 8), within(1e-12));
    assertThat(perfect.high()).isEqualTo(1);
    assertThat(jackknife.bounded(w -> 0, 0, 1, 8).high())
        .isCloseTo(1 - Math.pow(0.025, 1.0 / 8), within(1e-12));
    assertThat(jackknife.bounded(w -> 1, -1, 1, 8).low())
        .isCloseTo(2 * Math.pow(0.025, 1.0 / 8) - 1, within(1e-12));
    Estimate same = jackknife.difference(w -> 1, w -> 1, 0, 1, 8);
    assertThat(same.value()).isZero();
    assertThat(same.low()).isCloseTo(-0.369, within(0.001));
    assertThat(same.high()).isCloseTo(0.369, within(0.001));
  }

  @Test
  void theMeanOfSingleRowsHasStudentsInterval() {
    double[] values = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    Estimate mean = jackknife(10).mean(values, IntStream.range(0, 10).toArray());
    // t of 9 degrees of freedom, 2.2622, times the standard error 3.0277 / √10.
    assertThat(mean.low()).isCloseTo(5.5 - 2.26216 * 0.957427, within(1e-4));
    Estimate again =
        jackknife(10)
            .plain(
                w -> {
                  double sum = 0;
                  double count = 0;
                  for (int i = 0; i < 10; i++) {
                    sum += w[i] * values[i];
                    count += w[i];
                  }
                  return sum / count;
                });
    assertThat(again.low()).isCloseTo(mean.low(), within(1e-12));
  }

  @Test
  void quantilesOfStudentsTAreThoseOfTheTables() {
    int[] freedom = {1, 2, 3, 7, 10, 30, 120, 999, 1000, 5000};
    double[] known = {
      12.7062, 4.30265, 3.18245, 2.36462, 2.22814, 2.04227, 1.97993, 1.96234, 1.96234, 1.96044
    };
    for (int i = 0; i < known.length; i++) {
      assertThat(StudentT.upper(freedom[i])).isCloseTo(known[i], within(1e-4));
    }
  }

  @Test
  void manyGroupsAreLeftOutInBlocks() {
    double[] values = new Random(1).doubles(5000).toArray();
    Estimate mean = jackknife(5000).mean(values, IntStream.range(0, 5000).toArray());
    assertThat(mean.high() - mean.low())
        .isCloseTo(2 * 1.96 * Math.sqrt(1 / 12.0 / 5000), within(0.002));
  }

  @Test
  void oneGroupHasNoInterval() {
    Groups one = Groups.of(List.of("a", "a"));
    assertThat(new GroupJackknife(one, new Random(1)).bounded(w -> 0.7, 0, 1, 1).interval())
        .isEqualTo(Interval.NONE);
  }

  private static GroupJackknife jackknife(int rows) {
    return new GroupJackknife(Groups.ofSingleRows(rows), new Random(1));
  }
}
