package dev.sonde.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QuantilesTest {
  @Test
  void betweenOrderStatisticsItIsLinear() {
    double[] values = {30, 10, 20, 40, 50};
    assertThat(Quantiles.of(values, 0.25)).isEqualTo(20);
    assertThat(Quantiles.of(values, 0.3)).isCloseTo(22, within(1e-12));
    assertThat(Quantiles.median(new double[] {1, 2, 3, 10})).isEqualTo(2.5);
    assertThat(values).containsExactly(30, 10, 20, 40, 50);
  }

  @Test
  void bothTailsAreCutAlike() {
    double[] values = new Random(1).doubles(2000).toArray();
    double[] mirrored = Arrays.stream(values).map(v -> -v).toArray();
    assertThat(Quantiles.of(values, 0.025))
        .isCloseTo(-Quantiles.of(mirrored, 0.975), within(1e-15));
  }

  @Test
  void whatIsNoNumberIsLeftOutAndOfNothingThereIsNone() {
    assertThat(Quantiles.median(new double[] {1, Double.NaN, 3, Double.POSITIVE_INFINITY}))
        .isEqualTo(2);
    assertThat(Quantiles.median(new double[] {Double.NaN})).isNaN();
    assertThat(Quantiles.weighted(new double[] {1, 2}, new double[2], 0.5)).isNaN();
    assertThat(Means.of(new double[] {1, Double.NaN, 3})).isEqualTo(2);
    assertThat(Means.of(new double[0])).isNaN();
  }

  @Test
  void weightsOfOneChangeNothing() {
    double[] ascending = new Random(2).doubles(41).sorted().toArray();
    double[] once = new double[41];
    Arrays.fill(once, 1);
    for (double share = 0; share <= 1; share += 0.01) {
      assertThat(Quantiles.weighted(ascending, once, share))
          .isCloseTo(Quantiles.of(ascending, share), within(1e-12));
    }
  }
}
