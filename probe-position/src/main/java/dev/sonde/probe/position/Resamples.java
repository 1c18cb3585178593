package dev.sonde.probe.position;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/**
 * Texts drawn with replacement, the same draws for every figure: the cluster bootstrap. All heads
 * of a text come or stay away together.
 */
final class Resamples {
  private static final double LOWER = 0.025;
  private static final double UPPER = 0.975;

  private final int[][] counts;

  private Resamples(int[][] counts) {
    this.counts = counts;
  }

  /** Draws as many texts as there are, so many times. */
  static Resamples of(RandomGenerator random, int texts, int draws) {
    int[][] counts = new int[draws][texts];
    for (int[] draw : counts) {
      for (int i = 0; i < texts; i++) {
        draw[random.nextInt(texts)]++;
      }
    }
    return new Resamples(counts);
  }

  /**
   * A 95 % interval; no numbers where there is one text.
   *
   * @param low lower end
   * @param high upper end
   */
  record Interval(double low, double high) {
    /** Where there is none. */
    static final Interval NONE = new Interval(Double.NaN, Double.NaN);
  }

  /**
   * The interval of a figure.
   *
   * @param figure of how often each text was drawn
   */
  Interval interval(ToDoubleFunction<int[]> figure) {
    if (counts.length == 0 || counts[0].length < 2) {
      return Interval.NONE;
    }
    double[] values = Arrays.stream(counts).mapToDouble(figure).filter(Double::isFinite).toArray();
    if (values.length == 0) {
      return Interval.NONE;
    }
    Arrays.sort(values);
    return new Interval(quantile(values, LOWER), quantile(values, UPPER));
  }

  /** The mean of what is a number. */
  static double mean(double[] perText) {
    return Arrays.stream(perText).filter(Double::isFinite).average().orElse(Double.NaN);
  }

  /** The interval of a mean over texts. */
  Interval ofMean(double[] perText) {
    return interval(drawn -> weightedMean(perText, drawn));
  }

  private static double weightedMean(double[] perText, int[] drawn) {
    double sum = 0;
    double weight = 0;
    for (int text = 0; text < perText.length; text++) {
      if (Double.isFinite(perText[text])) {
        sum += drawn[text] * perText[text];
        weight += drawn[text];
      }
    }
    return sum / weight;
  }

  /**
   * The interval of the median over heads and texts.
   *
   * @param values {@code [heads, texts]}
   */
  Interval ofMedian(double[][] values) {
    List<double[]> sorted = new ArrayList<>();
    for (double[] head : values) {
      for (int text = 0; text < head.length; text++) {
        if (Double.isFinite(head[text])) {
          sorted.add(new double[] {head[text], text});
        }
      }
    }
    sorted.sort(Comparator.comparingDouble(cell -> cell[0]));
    return interval(drawn -> weightedMedian(sorted, drawn));
  }

  private static double weightedMedian(List<double[]> sorted, int[] drawn) {
    long all = 0;
    for (double[] cell : sorted) {
      all += drawn[(int) cell[1]];
    }
    long passed = 0;
    for (double[] cell : sorted) {
      passed += drawn[(int) cell[1]];
      if (2 * passed >= all) {
        return cell[0];
      }
    }
    return Double.NaN;
  }

  /** A quantile of all that is a number. */
  static double quantile(double[][] values, double share) {
    double[] all =
        Arrays.stream(values)
            .flatMapToDouble(Arrays::stream)
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    return all.length == 0 ? Double.NaN : quantile(all, share);
  }

  /** Linear between neighbours. */
  private static double quantile(double[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
