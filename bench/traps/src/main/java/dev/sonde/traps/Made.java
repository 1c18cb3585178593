package dev.sonde.traps;

import dev.sonde.api.linalg.Matrix;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Groups, labels and noise of planted data. */
final class Made {
  private Made() {}

  /** So many groups, each of as many rows as drawn; per row its group. */
  static int[] groups(RandomGenerator random, int count, int fewest, int most) {
    return IntStream.range(0, count)
        .flatMap(group -> IntStream.range(0, random.nextInt(fewest, most + 1)).map(row -> group))
        .toArray();
  }

  /** So many groups of one size. */
  static int[] groups(int count, int size) {
    return IntStream.range(0, count * size).map(row -> row / size).toArray();
  }

  static int count(int[] groups) {
    return Arrays.stream(groups).max().orElseThrow() + 1;
  }

  /** A label of its own for every group: a share of them, drawn at random, is positive. */
  static double[] ofGroups(RandomGenerator random, int[] groups, double share) {
    int count = count(groups);
    double[] labels = new double[count];
    Arrays.setAll(labels, group -> group < Math.round(share * count) ? 1 : 0);
    shuffle(labels, random);
    return perRow(groups, group -> labels[group]);
  }

  /** Half of the rows of each group positive, drawn at random. */
  static double[] inside(RandomGenerator random, int[] groups) {
    double[] labels = new double[groups.length];
    for (int group = 0; group < count(groups); group++) {
      int own = group;
      int[] rows = IntStream.range(0, groups.length).filter(r -> groups[r] == own).toArray();
      double[] values = new double[rows.length];
      int odd = rows.length % 2 == 1 && random.nextBoolean() ? 1 : 0;
      Arrays.setAll(values, i -> i < rows.length / 2 + odd ? 1 : 0);
      shuffle(values, random);
      for (int i = 0; i < rows.length; i++) {
        labels[rows[i]] = values[i];
      }
    }
    return labels;
  }

  /** The same labels with a share of the rows, drawn at random, labelled otherwise. */
  static double[] flipped(RandomGenerator random, double[] labels, double share) {
    return Arrays.stream(labels)
        .map(label -> random.nextDouble() < share ? 1 - label : label)
        .toArray();
  }

  /** The same labels with the first row of each group labelled otherwise. */
  static double[] oddRows(int[] groups, double[] labels) {
    double[] odd = labels.clone();
    for (int row = 0; row < odd.length; row++) {
      if (row == 0 || groups[row] != groups[row - 1]) {
        odd[row] = 1 - odd[row];
      }
    }
    return odd;
  }

  /** A value for each row that all rows of a group share. */
  static double[] perRow(int[] groups, IntToDoubleFunction ofGroup) {
    double[] values = IntStream.range(0, count(groups)).mapToDouble(ofGroup).toArray();
    return Arrays.stream(groups).mapToDouble(group -> values[group]).toArray();
  }

  /** Standard normal numbers. */
  static double[] gaussians(RandomGenerator random, int count) {
    return IntStream.range(0, count).mapToDouble(i -> random.nextGaussian()).toArray();
  }

  /** A multiple of values plus another of others. */
  static double[] sum(double a, double[] values, double b, double[] others) {
    double[] sum = new double[values.length];
    Arrays.setAll(sum, i -> a * values[i] + b * others[i]);
    return sum;
  }

  static double[] times(double factor, double[] values) {
    return Arrays.stream(values).map(value -> factor * value).toArray();
  }

  /** Noise whose rows share a part with their group. */
  static Matrix noise(RandomGenerator random, int[] groups, int width, double ofGroup) {
    double[][] shared = new double[count(groups)][];
    Arrays.setAll(shared, group -> gaussians(random, width));
    Matrix matrix = Matrix.zeros(Matrix.Type.FLOAT32, groups.length, width);
    for (int row = 0; row < groups.length; row++) {
      for (int c = 0; c < width; c++) {
        matrix.set(row, c, ofGroup * shared[groups[row]][c] + random.nextGaussian());
      }
    }
    return matrix;
  }

  /** A direction of length 1. */
  static double[] direction(RandomGenerator random, int width) {
    double[] direction = gaussians(random, width);
    double length = Math.sqrt(Arrays.stream(direction).map(v -> v * v).sum());
    return times(1 / length, direction);
  }

  /** Adds so much of a direction to each row. */
  static void add(Matrix matrix, double[] direction, double[] amounts) {
    for (int row = 0; row < amounts.length; row++) {
      for (int c = 0; c < direction.length; c++) {
        matrix.set(row, c, matrix.get(row, c) + amounts[row] * direction[c]);
      }
    }
  }

  static void shuffle(double[] values, RandomGenerator random) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      double kept = values[i];
      values[i] = values[j];
      values[j] = kept;
    }
  }
}
