package dev.sonde.probe.position.estimate;

import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Interval;
import dev.sonde.statistics.Quantiles;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The median of a figure over heads and texts. Its interval draws texts: all heads of a text come
 * or stay away together. Where two models are compared heads are drawn as well.
 */
public final class HeadMedian {
  private final double[] ascending;
  private final int[] texts;
  private final int[] heads;

  private HeadMedian(double[] ascending, int[] texts, int[] heads) {
    this.ascending = ascending;
    this.texts = texts;
    this.heads = heads;
  }

  /**
   * The median of what is a number.
   *
   * @param values {@code [heads, texts]}
   */
  public static Estimate of(double[][] values, ClusterBootstrap texts) {
    HeadMedian sorted = sorted(values);
    return new Estimate(Quantiles.median(sorted.ascending), texts.interval(sorted::ofTexts));
  }

  /**
   * The median of one model less that of another, on the same draws of texts. Which weights a model
   * has is chance as well, fresh ones above all, and its heads are the draws that there are of it:
   * the interval has three parts, texts and the heads of either model (Zou 2007).
   *
   * @param heads draws of as many heads as either model has
   */
  public static Estimate difference(
      double[][] values, double[][] less, ClusterBootstrap texts, ClusterBootstrap heads) {
    HeadMedian one = sorted(values);
    HeadMedian other = sorted(less);
    double first = Quantiles.median(one.ascending);
    double second = Quantiles.median(other.ascending);
    double difference = first - second;
    Interval ofTexts = texts.interval(weights -> one.ofTexts(weights) - other.ofTexts(weights));
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

  private record Cell(double value, int text, int head) {}

  private static HeadMedian sorted(double[][] values) {
    Cell[] cells =
        IntStream.range(0, values.length)
            .boxed()
            .flatMap(
                head ->
                    IntStream.range(0, values[head].length)
                        .mapToObj(text -> new Cell(values[head][text], text, head)))
            .filter(cell -> Double.isFinite(cell.value()))
            .sorted((a, b) -> Double.compare(a.value(), b.value()))
            .toArray(Cell[]::new);
    return new HeadMedian(
        Arrays.stream(cells).mapToDouble(Cell::value).toArray(),
        Arrays.stream(cells).mapToInt(Cell::text).toArray(),
        Arrays.stream(cells).mapToInt(Cell::head).toArray());
  }

  private double ofTexts(double[] weights) {
    return drawn(texts, weights);
  }

  private double ofHeads(double[] weights) {
    return drawn(heads, weights);
  }

  private double drawn(int[] from, double[] weights) {
    double[] ofCells = new double[from.length];
    for (int cell = 0; cell < ofCells.length; cell++) {
      ofCells[cell] = weights[from[cell]];
    }
    return Quantiles.weighted(ascending, ofCells, 0.5);
  }
}
