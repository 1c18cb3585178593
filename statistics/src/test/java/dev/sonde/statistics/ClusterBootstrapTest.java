package dev.sonde.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClusterBootstrapTest {
  private static final Groups GROUPS =
      Groups.of(List.of("a", "b", "a", "c", "b", "a", "d", "e", "f"));
  private static final double[] VALUES = {1, 5, 2, 8, 4, 3, 0, 6, 7};

  private static ClusterBootstrap bootstrap() {
    return new ClusterBootstrap(GROUPS, 400, new Random(1));
  }

  @Test
  void aGroupComesAsAWholeOrNotAtAll() {
    bootstrap()
        .interval(
            weights -> {
              assertThat(weights[0]).isEqualTo(weights[2]).isEqualTo(weights[5]);
              assertThat(weights[1]).isEqualTo(weights[4]);
              assertThat(
                      weights[0] + weights[1] + weights[3] + weights[6] + weights[7] + weights[8])
                  .isEqualTo(6);
              return 0;
            });
  }

  @Test
  void theMeanFromSumsOverGroupsIsTheMeanOfWeightedRows() {
    Estimate slow =
        bootstrap()
            .estimate(
                weights ->
                    IntStream.range(0, 9).mapToDouble(i -> weights[i] * VALUES[i]).sum()
                        / Arrays.stream(weights).sum());
    Estimate fast = bootstrap().mean(VALUES);
    assertThat(fast.value()).isCloseTo(slow.value(), within(1e-12));
    assertThat(fast.low()).isCloseTo(slow.low(), within(1e-12));
    assertThat(fast.high()).isCloseTo(slow.high(), within(1e-12));
  }

  @Test
  void onlyTheRowsAskedForAndNumbersCount() {
    double[] holed = VALUES.clone();
    holed[3] = Double.NaN;
    Estimate some = bootstrap().mean(VALUES, new int[] {0, 1, 2, 4, 5, 6, 7, 8});
    assertThat(bootstrap().mean(holed)).isEqualTo(some);
    assertThat(some.value()).isEqualTo(3.5);
  }

  @Test
  void drawsAreSharedSoThatADifferenceIsPaired() {
    ClusterBootstrap same = bootstrap();
    double[] shifted = Arrays.stream(VALUES).map(v -> v + 1).toArray();
    Estimate difference =
        same.estimate(weights -> mean(shifted, weights) - mean(VALUES, weights)); // 1 in every draw
    assertThat(difference.low()).isCloseTo(1, within(1e-12));
    assertThat(difference.high()).isCloseTo(1, within(1e-12));
  }

  private static double mean(double[] values, double[] weights) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += weights[i] * values[i];
    }
    return sum / Arrays.stream(weights).sum();
  }

  @Test
  void theSameSeedGivesTheSameIntervalOnAnyNumberOfThreads() {
    assertThat(bootstrap().mean(VALUES)).isEqualTo(bootstrap().mean(VALUES));
    assertThat(new ClusterBootstrap(GROUPS, 400, new Random(2)).mean(VALUES))
        .isNotEqualTo(bootstrap().mean(VALUES));
  }

  @Test
  void ofManyGroupsTheIntervalIsThatOfTheQuantilesOfWhatWasDrawnAndOfFewItReachesFarther() {
    double[] drawn = new Random(3).doubles(1000).toArray();
    Interval plain = Interval.ofDraws(drawn);
    assertThat(plain.low()).isEqualTo(Quantiles.of(drawn, 0.025));
    assertThat(plain.high()).isEqualTo(Quantiles.of(drawn, 0.975));
    assertThat(Interval.ofDraws(drawn, 1_000_000).low()).isCloseTo(plain.low(), within(1e-4));
    Interval few = Interval.ofDraws(drawn, 8);
    assertThat(few.low())
        .as("Φ(−2.365 √(8/7)) is 0.0057")
        .isCloseTo(Quantiles.of(drawn, 0.00573), within(1e-4));
    assertThat(few.high()).isCloseTo(Quantiles.of(drawn, 1 - 0.00573), within(1e-4));
  }

  @Test
  void drawsInWhichTheFigureDoesNotExistAreLeftOut() {
    Interval some =
        bootstrap().interval(weights -> weights[3] == 0 ? Double.NaN : Math.min(weights[3], 1));
    assertThat(some).isEqualTo(new Interval(1, 1));
    assertThat(bootstrap().interval(weights -> Double.NaN).exists()).isFalse();
  }

  @Test
  void fewerThanFiveGroupsHaveNoInterval() {
    ClusterBootstrap one = new ClusterBootstrap(Groups.of(List.of(7, 7)), 50, new Random(1));
    assertThat(one.mean(new double[] {1, 3})).isEqualTo(new Estimate(2, Interval.NONE));
    assertThat(ofRows(4).interval().exists()).isFalse();
    assertThat(ofRows(5).interval().exists()).isTrue();
    assertThat(Interval.NONE.excludes(0)).isFalse();
  }

  private static Estimate ofRows(int count) {
    return new ClusterBootstrap(Groups.ofSingleRows(count), 50, new Random(1))
        .mean(Arrays.copyOf(VALUES, count));
  }

  @Test
  void itNarrowsWithTheNumberOfGroupsNotOfRows() {
    double few = width(8, 1);
    assertThat(width(200, 1)).isLessThan(few / 3);
    assertThat(width(8, 25)).isCloseTo(few, within(1e-12)); // equal rows are no more evidence
  }

  private static double width(int count, int rowsOfEach) {
    Random random = new Random(4);
    double[] ofGroups = random.doubles(count).toArray();
    int[] groups = IntStream.range(0, count * rowsOfEach).map(row -> row / rowsOfEach).toArray();
    double[] values = Arrays.stream(groups).mapToDouble(g -> ofGroups[g]).toArray();
    Groups named = Groups.of(Arrays.stream(groups).boxed().toList());
    Interval interval = new ClusterBootstrap(named, 500, random).mean(values).interval();
    return interval.high() - interval.low();
  }

  @Test
  void groupsAreNumberedAsTheyAppear() {
    assertThat(GROUPS.count()).isEqualTo(6);
    assertThat(GROUPS.rows(0)).containsExactly(0, 2, 5);
    assertThat(GROUPS.of(6)).isEqualTo(3);
    assertThat(Groups.ofSingleRows(3).rows(2)).containsExactly(2);
  }
}
