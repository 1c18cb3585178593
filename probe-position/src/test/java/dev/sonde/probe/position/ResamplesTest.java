package dev.sonde.probe.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ResamplesTest {
  @Test
  void anIntervalHoldsTheMeanAndNarrowsWithTexts() {
    double few = width(8);
    double many = width(200);
    assertThat(many).isPositive().isLessThan(few / 3);
  }

  private static double width(int texts) {
    Random random = new Random(texts);
    double[] perText = random.doubles(texts).toArray();
    Resamples.Interval interval = Resamples.of(random, texts, 500).ofMean(perText);
    double mean = Resamples.mean(perText);
    assertThat(mean).isBetween(interval.low(), interval.high());
    return interval.high() - interval.low();
  }

  @Test
  void headsOfOneTextComeTogether() {
    double[][] alike = {{1, 2, 3, 4}, {1, 2, 3, 4}, {1, 2, 3, 4}};
    Resamples.Interval of = Resamples.of(new Random(2), 4, 500).ofMedian(alike);
    Resamples.Interval one =
        Resamples.of(new Random(2), 4, 500).ofMedian(new double[][] {alike[0]});
    assertThat(of).isEqualTo(one); // as wide as one head's: three alike are no more evidence
  }

  @Test
  void oneTextHasNoInterval() {
    Resamples one = Resamples.of(new Random(3), 1, 500);
    assertThat(one.ofMean(new double[] {1}).low()).isNaN();
  }

  @Test
  void whatIsNoNumberIsLeftOut() {
    assertThat(Resamples.mean(new double[] {1, Double.NaN, 3})).isEqualTo(2);
    assertThat(Resamples.quantile(new double[][] {{1, Double.NaN}, {5, 3}}, 0.5))
        .isCloseTo(3, within(1e-12));
  }
}
