package dev.sonde.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The first eigenvector of matrices of which it is known. */
class LeadingAxisTest {
  @Test
  void aSumOfOuterProductsPointsWhereTheLargestDoes() {
    int size = 60;
    double[] first = unit(size, 3);
    double[][] matrix = new double[size][size];
    add(25, first, matrix);
    Random random = new Random(2);
    for (int i = 0; i < size; i++) {
      matrix[i][i] += 1 + random.nextDouble();
    }
    double[] axis = LeadingAxis.of(size, trace(matrix), v -> times(matrix, v));
    double[] image = times(matrix, axis);
    double value = dot(image, axis);
    for (int i = 0; i < size; i++) {
      assertThat(image[i]).isCloseTo(value * axis[i], within(1e-7));
    }
    assertThat(Math.abs(dot(axis, first))).isGreaterThan(0.99);
  }

  @Test
  void nothingHasNoAxis() {
    assertThat(LeadingAxis.of(3, 0, v -> v)).containsOnly(0);
  }

  @Test
  void oneDimensionIsItsOwnAxis() {
    assertThat(LeadingAxis.of(1, 4, v -> new double[] {4 * v[0]})[0])
        .satisfies(value -> assertThat(Math.abs(value)).isEqualTo(1));
  }

  @Test
  void theProjectionFarthestOutSaysWhichWayAnAxisPoints() {
    assertThat(LeadingAxis.pointsAway(new double[] {2, -3, 1})).isTrue();
    assertThat(LeadingAxis.pointsAway(new double[] {2, -1, 1})).isFalse();
  }

  private static double[] unit(int size, long seed) {
    Random random = new Random(seed);
    double[] values = random.doubles(size, -1, 1).toArray();
    double length = Math.sqrt(dot(values, values));
    for (int i = 0; i < size; i++) {
      values[i] /= length;
    }
    return values;
  }

  private static void add(double factor, double[] vector, double[][] matrix) {
    for (int i = 0; i < vector.length; i++) {
      for (int j = 0; j < vector.length; j++) {
        matrix[i][j] += factor * vector[i] * vector[j];
      }
    }
  }

  private static double trace(double[][] matrix) {
    double sum = 0;
    for (int i = 0; i < matrix.length; i++) {
      sum += matrix[i][i];
    }
    return sum;
  }

  private static double[] times(double[][] matrix, double[] vector) {
    double[] product = new double[vector.length];
    for (int i = 0; i < product.length; i++) {
      product[i] = dot(matrix[i], vector);
    }
    return product;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
