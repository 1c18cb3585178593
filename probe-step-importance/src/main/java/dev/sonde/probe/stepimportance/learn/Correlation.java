package dev.sonde.probe.stepimportance.learn;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** How two rows of numbers go together. */
public final class Correlation {
  private Correlation() {}

  /** Pearson's; NaN where one of them is constant. */
  public static double pearson(double[] a, double[] b) {
    double meanOfA = Arrays.stream(a).average().orElse(0);
    double meanOfB = Arrays.stream(b).average().orElse(0);
    double both = 0;
    double ofA = 0;
    double ofB = 0;
    for (int i = 0; i < a.length; i++) {
      both += (a[i] - meanOfA) * (b[i] - meanOfB);
      ofA += Math.pow(a[i] - meanOfA, 2);
      ofB += Math.pow(b[i] - meanOfB, 2);
    }
    return ofA == 0 || ofB == 0 ? Double.NaN : both / Math.sqrt(ofA * ofB);
  }

  /** Spearman's: Pearson's of the ranks, equal numbers sharing the mean of theirs. */
  public static double spearman(double[] a, double[] b) {
    return pearson(ranks(a), ranks(b));
  }

  private static double[] ranks(double[] values) {
    int[] order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> values[i]))
            .mapToInt(i -> i)
            .toArray();
    double[] ranks = new double[values.length];
    int from = 0;
    while (from < order.length) {
      int to = from + 1;
      while (to < order.length && values[order[to]] == values[order[from]]) {
        to++;
      }
      for (int place = from; place < to; place++) {
        ranks[order[place]] = (from + to - 1) / 2.0;
      }
      from = to;
    }
    return ranks;
  }
}
