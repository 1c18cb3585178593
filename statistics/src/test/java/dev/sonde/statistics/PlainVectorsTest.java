package dev.sonde.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlainVectorsTest {
  private static final double[] A = {1, 2, 2};
  private static final double[] B = {3, 0, -1};

  @Test
  void productsNormsAndMultiplesAreThoseOfTheTextbook() {
    assertThat(PlainVectors.dot(A, B)).isEqualTo(1);
    assertThat(PlainVectors.norm(A)).isEqualTo(3);
    assertThat(PlainVectors.scaled(-2, B)).containsExactly(-6, -0.0, 2);
    double[] sum = A.clone();
    PlainVectors.add(sum, 2, B);
    assertThat(sum).containsExactly(7, 2, 0);
    assertThat(A).as("what it was copied from").containsExactly(1, 2, 2);
  }
}
