package dev.sonde.probe.position.estimate;

import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Interval;
import dev.sonde.statistics.Means;
import dev.sonde.statistics.Quantiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The median of a figure over heads, the mean of it over texts. Its interval is Student's over
 * texts: all heads of a text come or stay away together. Where two models are compared heads are
 * drawn as well.
 */
public final class HeadMedian {
  /** Per text the heads that have a number there, in ascending order of it. */
  private final List<int[]> heads = new ArrayList<>();

  private final List<double[]> ascending = new ArrayList<>();

  /** Of {@code [heads, texts]}. */
  private HeadMedian(double[][] values) {
    int texts = values.length == 0 ? 0 : values[0].length;
    for (int t = 0; t < texts; t++) {
      int text = t;
      int[] order =
          IntStream.range(0, values.length)
              .filter(head -> Double.isFinite(values[head][text]))
              .boxed()
              .sorted(Comparator.comparingDouble(head -> values[head][text]))
              .mapToInt(Integer::intValue)
              .toArray();
      heads.add(order);
      ascending.add(Arrays.stream(order).mapToDouble(head -> values[head][text]).toArray());
    }
  }

  /**
   * The median of what is a number.
   *
   * @param values {@code [heads, texts]}
   */
  public static Estimate of(double[][] values) {
    double[] ofTexts = new HeadMedian(values).ofTexts();
    return new Estimate(Means.of(ofTexts), Interval.ofMean(ofTexts));
  }

  /**
   * The median of one model less that of another, text by text. Which weights a model has is chance
   * as well, fresh ones above all, and its heads are the draws that there are of it: the interval
   * has three parts, texts and the heads of either model (Zou 2007).
   *
   * @param heads draws of as many heads as either model has
   */
  public static Estimate difference(double[][] values, double[][] less, ClusterBootstrap heads) {
    HeadMedian one = new HeadMedian(values);
    HeadMedian other = new HeadMedian(less);
    double[] apart = one.ofTexts();
    double[] others = other.ofTexts();
    double first = Means.of(apart);
    double second = Means.of(others);
    Arrays.setAll(apart, text -> apart[text] - others[text]);
    double difference = Means.of(apart);
    Interval ofTexts = Interval.ofMean(apart);
    Interval ofOne = heads.interval(one::ofHeads);
    Interval ofOther = heads.interval(other::ofHeads);
    if (!ofTexts.exists() || !ofOne.exists() || !ofOther.exists()) {
      return new Estimate(difference, Interval.NONE);
    }
    double below = length(difference - ofTexts.low(), first - ofOne.low(), ofOther.high() - second);
    double above =
        length(ofTexts.high() - difference, ofOne.high() - first, second - ofOther.low());
    return new Estimate(difference, new Interval(difference - below, difference + above));
  }

  private static double length(double a, double b, double c) {
    return Math.sqrt(a * a + b * b + c * c);
  }

  /** All numbers of some heads and texts. */
  public static double[] numbers(double[][] values) {
    return Arrays.stream(values).flatMapToDouble(Arrays::stream).filter(Double::isFinite).toArray();
  }

  /** The median over the heads of each text. */
  private double[] ofTexts() {
    return ascending.stream().mapToDouble(Quantiles::median).toArray();
  }

  /** The mean over texts of the median over heads that count so often. */
  private double ofHeads(double[] weights) {
    double[] medians = new double[heads.size()];
    for (int text = 0; text < medians.length; text++) {
      double[] own = Arrays.stream(heads.get(text)).mapToDouble(head -> weights[head]).toArray();
      medians[text] = Quantiles.weighted(ascending.get(text), own, 0.5);
    }
    return Means.of(medians);
  }
}
