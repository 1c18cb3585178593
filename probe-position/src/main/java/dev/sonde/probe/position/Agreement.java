package dev.sonde.probe.position;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Moments of cells and agreement of figures. */
final class Agreement {
  private Agreement() {}

  static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  static double deviation(double[] values) {
    double mean = mean(values);
    double sum = 0;
    for (double value : values) {
      sum += (value - mean) * (value - mean);
    }
    return Math.sqrt(sum / values.length);
  }

  /** Spearman's correlation of pairs without ties; no number of fewer than three. */
  static double rankCorrelation(List<double[]> pairs) {
    int count = pairs.size();
    if (count < 3) {
      return Double.NaN;
    }
    double[][] ranks = new double[2][count];
    for (int side = 0; side < 2; side++) {
      int own = side;
      Integer[] order = IntStream.range(0, count).boxed().toArray(Integer[]::new);
      Arrays.sort(order, Comparator.comparingDouble(i -> pairs.get(i)[own]));
      for (int rank = 0; rank < count; rank++) {
        ranks[side][order[rank]] = rank;
      }
    }
    double apart = 0;
    for (int i = 0; i < count; i++) {
      apart += (ranks[0][i] - ranks[1][i]) * (ranks[0][i] - ranks[1][i]);
    }
    return 1 - 6 * apart / (count * ((double) count * count - 1));
  }
}
