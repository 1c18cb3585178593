package dev.sonde.probe.position.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Groups;
import dev.sonde.statistics.Interval;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class HeadMedianTest {
  private static ClusterBootstrap draws(int count) {
    return new ClusterBootstrap(Groups.ofSingleRows(count), 500, new Random(2));
  }

  @Test
  void headsOfOneTextComeTogether() {
    double[] texts = {1, 2, 3, 4, 5};
    Interval three = HeadMedian.of(new double[][] {texts, texts, texts}).interval();
    Interval one = HeadMedian.of(new double[][] {texts}).interval();
    assertThat(three.exists()).isTrue();
    assertThat(three).isEqualTo(one); // three alike are no more evidence than one
  }

  @Test
  void theIntervalIsStudentsOverTheMediansOfTexts() {
    double[][] values = {{1, 2, 3, 4, 5, 6}, {1, 2, 3, 4, 5, 6}, {9, 9, 9, 9, 9, 9}};
    Estimate median = HeadMedian.of(values);
    assertThat(median.value()).isEqualTo(3.5);
    assertThat(median.low()).isCloseTo(1.5367, within(1e-3)); // scipy.stats.t.interval
    assertThat(median.high()).isCloseTo(5.4633, within(1e-3));
  }

  @Test
  void oneTextHasNoInterval() {
    Estimate median = HeadMedian.of(new double[][] {{1}, {3}});
    assertThat(median).isEqualTo(new Estimate(2, Interval.NONE));
  }

  @Test
  void whatIsNoNumberIsLeftOut() {
    double[][] values = {{1, Double.NaN}, {5, 3}};
    assertThat(HeadMedian.of(values).value()).isEqualTo(3); // the mean of 3 and 3
    assertThat(HeadMedian.numbers(values)).containsExactly(1, 5, 3);
  }

  @Test
  void betweenModelsHeadsAreChanceAsWellHoweverAlikeTextsAre() {
    double[][] own = ofHeads(0.1, 0.5, 0.9, 0.2, 0.7, 0.4);
    double[][] other = ofHeads(0.4, 0.2, 0.8, 0.1, 0.6, 0.3);
    Estimate apart = HeadMedian.difference(own, other, draws(6));
    assertThat(apart.value()).isCloseTo(0.1, within(1e-12));
    assertThat(apart.low()).as("all texts agree, heads do not").isLessThan(-0.1);
    assertThat(apart.high()).isGreaterThan(0.3);
    Estimate alike =
        HeadMedian.difference(ofHeads(1, 1, 1, 1, 1), ofHeads(0, 0, 0, 0, 0), draws(5));
    assertThat(alike.interval()).isEqualTo(new Interval(1, 1));
  }

  private static double[][] ofHeads(double... values) {
    return Arrays.stream(values)
        .mapToObj(value -> DoubleStream.generate(() -> value).limit(8).toArray())
        .toArray(double[][]::new);
  }
}
