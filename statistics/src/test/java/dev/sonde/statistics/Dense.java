package dev.sonde.statistics;

import java.util.Arrays;

/** Feature rows as they are. */
record Dense(double[][] values) implements RidgePath.Rows {
  @Override
  public int rows() {
    return values.length;
  }

  @Override
  public int columns() {
    return values[0].length;
  }

  @Override
  public double[] times(double[] weights) {
    return Arrays.stream(values)
        .mapToDouble(
            row -> {
              double sum = 0;
              for (int c = 0; c < row.length; c++) {
                sum += row[c] * weights[c];
              }
              return sum;
            })
        .toArray();
  }

  @Override
  public double[] transposeTimes(double[] coefficients) {
    double[] sums = new double[columns()];
    for (int row = 0; row < values.length; row++) {
      for (int c = 0; c < sums.length; c++) {
        sums[c] += coefficients[row] * values[row][c];
      }
    }
    return sums;
  }

  @Override
  public double[] squares() {
    return Arrays.stream(values)
        .mapToDouble(row -> Arrays.stream(row).map(v -> v * v).sum())
        .toArray();
  }
}
