package dev.sonde.probe.position.estimate;

import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Quantiles;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The median of a figure over heads and texts. Its interval draws texts: all heads of a text come
 * or stay away together.
 */
public final class HeadMedian {
  private final double[] ascending;
  private final int[] texts;

  private HeadMedian(double[] ascending, int[] texts) {
    this.ascending = ascending;
    this.texts = texts;
  }

  /**
   * The median of what is a number.
   *
   * @param values {@code [heads, texts]}
   */
  public static Estimate of(double[][] values, ClusterBootstrap texts) {
    HeadMedian sorted = sorted(values);
    return new Estimate(Quantiles.median(sorted.ascending), texts.interval(sorted::drawn));
  }

  /** The median of one figure less that of another, on the same draws of texts. */
  public static Estimate difference(double[][] values, double[][] less, ClusterBootstrap texts) {
    HeadMedian one = sorted(values);
    HeadMedian other = sorted(less);
    return new Estimate(
        Quantiles.median(one.ascending) - Quantiles.median(other.ascending),
        texts.interval(weights -> one.drawn(weights) - other.drawn(weights)));
  }

  /** All numbers of some heads and texts. */
  public static double[] numbers(double[][] values) {
    return Arrays.stream(values).flatMapToDouble(Arrays::stream).filter(Double::isFinite).toArray();
  }

  private record Cell(double value, int text) {}

  private static HeadMedian sorted(double[][] values) {
    Cell[] cells =
        Arrays.stream(values)
            .flatMap(
                head ->
                    IntStream.range(0, head.length).mapToObj(text -> new Cell(head[text], text)))
            .filter(cell -> Double.isFinite(cell.value()))
            .sorted((a, b) -> Double.compare(a.value(), b.value()))
            .toArray(Cell[]::new);
    return new HeadMedian(
        Arrays.stream(cells).mapToDouble(Cell::value).toArray(),
        Arrays.stream(cells).mapToInt(Cell::text).toArray());
  }

  private double drawn(double[] weights) {
    double[] ofCells = new double[texts.length];
    for (int cell = 0; cell < ofCells.length; cell++) {
      ofCells[cell] = weights[texts[cell]];
    }
    return Quantiles.weighted(ascending, ofCells, 0.5);
  }
}
