package dev.sonde.probe.stepimportance.learn;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class CorrelationTest {
  @Test
  void ranksGoTogetherWhateverTheSpacing() {
    double[] a = {1, 2, 3, 4};
    assertThat(Correlation.spearman(a, new double[] {1, 10, 100, 1000}))
        .isEqualTo(1, Offset.offset(1e-12));
    assertThat(Correlation.spearman(a, new double[] {4, 3, 2, 1}))
        .isEqualTo(-1, Offset.offset(1e-12));
    assertThat(Correlation.spearman(new double[] {1, 1, 2}, new double[] {5, 5, 7}))
        .isEqualTo(1, Offset.offset(1e-12));
    assertThat(Correlation.spearman(a, new double[] {2, 2, 2, 2})).isNaN();
  }
}
