package dev.sonde.statistics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The odds that a nuisance gives the rows of a group to have the larger labels: of two rows the one
 * whose nuisance is larger by {@code d} has the larger label with odds {@code exp(βd)}.
 */
final class OddsInside {
  /** Rows of one group with which each is compared, at most. */
  private static final int COMPARED = 50;

  private static final int STEPS = 30;

  /** Keeps β finite where the nuisance orders all labels. */
  private static final double SHRUNK = 1e-3;

  private final double[] weights;

  private OddsInside(double[] weights) {
    this.weights = weights;
  }

  /** Fits β to pairs of rows of one group with different labels, by Newton's method. */
  static OddsInside of(double[] labels, Groups groups, double[] nuisance) {
    double[] apart =
        groups.members().stream().flatMapToDouble(rows -> apart(rows, labels, nuisance)).toArray();
    double squares = Arrays.stream(apart).map(d -> d * d).sum();
    double unit = squares == 0 ? 1 : Math.sqrt(squares / apart.length);
    double beta = 0;
    for (int step = 0; step < STEPS; step++) {
      double slope = -SHRUNK * apart.length * beta;
      double bend = -SHRUNK * apart.length;
      for (double d : apart) {
        double surprise = 1 / (1 + Math.exp(beta * d / unit));
        slope += surprise * d / unit;
        bend -= surprise * (1 - surprise) * d * d / unit / unit;
      }
      beta = bend == 0 ? 0 : beta - Math.clamp(slope / bend, -1, 1);
    }
    double scale = beta / unit;
    return new OddsInside(Arrays.stream(nuisance).map(z -> scale * z).toArray());
  }

  /** By how much the nuisance of rows with larger labels is above that of others. */
  private static DoubleStream apart(int[] rows, double[] labels, double[] nuisance) {
    int stride = Math.max(1, rows.length / COMPARED);
    return IntStream.range(0, rows.length)
        .boxed()
        .flatMapToDouble(
            i ->
                IntStream.iterate(i + stride, j -> j < rows.length, j -> j + stride)
                    .filter(j -> labels[rows[i]] != labels[rows[j]])
                    .mapToDouble(
                        j ->
                            Math.signum(labels[rows[i]] - labels[rows[j]])
                                * (nuisance[rows[i]] - nuisance[rows[j]])));
  }

  /** Deals the labels that the rows of a group have to them anew. */
  void deal(int[] rows, double[] labels, RandomGenerator random) {
    double[] values = Arrays.stream(rows).mapToDouble(row -> labels[row]).sorted().toArray();
    if (values[0] == values[values.length - 1]) {
      return;
    }
    double[] keys = new double[rows.length];
    Arrays.setAll(keys, i -> weights[rows[i]] - Math.log(-Math.log(1 - random.nextDouble())));
    int[] order =
        IntStream.range(0, rows.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> keys[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int i = 0; i < order.length; i++) {
      labels[rows[order[i]]] = values[i];
    }
  }

  /**
   * The natural logarithm of about as many labelings of a group as come up: that of all of them,
   * less where the odds leave little open.
   */
  double logCount(int[] rows, double[] labels) {
    double open = 0;
    int pairs = 0;
    for (int i = 0; i < rows.length; i++) {
      for (int j = i + 1; j < Math.min(rows.length, i + COMPARED); j++) {
        if (labels[rows[i]] != labels[rows[j]]) {
          double p = 1 / (1 + Math.exp(weights[rows[i]] - weights[rows[j]]));
          open += p <= 0 || p >= 1 ? 0 : -p * Math.log(p) - (1 - p) * Math.log(1 - p);
          pairs++;
        }
      }
    }
    double all =
        GroupPermutations.logArrangements(
            Arrays.stream(rows).mapToDouble(row -> labels[row]).toArray());
    return pairs == 0 ? all : all * open / pairs / Math.log(2);
  }
}
