package dev.sonde.probe.position.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Groups;
import dev.sonde.statistics.Interval;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HeadMedianTest {
  private static ClusterBootstrap texts(int count) {
    return new ClusterBootstrap(Groups.ofSingleRows(count), 500, new Random(2));
  }

  @Test
  void headsOfOneTextComeTogether() {
    double[][] alike = {{1, 2, 3, 4}, {1, 2, 3, 4}, {1, 2, 3, 4}};
    Interval three = HeadMedian.of(alike, texts(4)).interval();
    Interval one = HeadMedian.of(new double[][] {{1, 2, 3, 4}}, texts(4)).interval();
    assertThat(three).isEqualTo(one); // three alike are no more evidence than one
  }

  @Test
  void oneTextHasNoInterval() {
    Estimate median = HeadMedian.of(new double[][] {{1}, {3}}, texts(1));
    assertThat(median).isEqualTo(new Estimate(2, Interval.NONE));
  }

  @Test
  void whatIsNoNumberIsLeftOut() {
    double[][] values = {{1, Double.NaN}, {5, 3}};
    assertThat(HeadMedian.of(values, texts(2)).value()).isEqualTo(3);
    assertThat(HeadMedian.numbers(values)).containsExactly(1, 5, 3);
  }
}
