package dev.sonde.statistics;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The delete-a-group jackknife: a figure is computed again without each group, and its 95 %
 * interval is the figure plus and minus so many standard errors as Student's t of one less than the
 * number of groups asks for. Groups are taken for independent, rows of a group not. No pair of rows
 * inside a group counts more than once, so the interval always holds its figure.
 *
 * <p>Figures with ends (shares and AUROCs from 0 to 1, correlations from −1 to 1) have their
 * interval on the logit scale, which keeps it between the ends. A figure that stands at its end has
 * no point for an interval: where n independent groups all say the same, the other limit is that
 * under which they would do so in 2.5 of 100 data sets, {@code 0.025^(1/n)}.
 *
 * <p>How often the intervals hold the true value stands in docs/statistics.md; a test measures it.
 */
public final class GroupJackknife {
  /** Beyond so many groups some are left out together: the cost is that of so many figures. */
  private static final int MOST = 400;

  private static final double TAIL = 0.025;

  /** The block of a row that is never left out. */
  private static final int NONE = -1;

  private final int[] blockOfRow;
  private final int blocks;

  /**
   * Leaves out groups.
   *
   * @param random decides which groups go together where there are more than 400
   */
  public GroupJackknife(Groups groups, RandomGenerator random) {
    this.blocks = Math.min(MOST, groups.count());
    double[] places = new double[groups.count()];
    Arrays.setAll(places, i -> i % blocks);
    if (groups.count() > MOST) {
      GroupPermutations.shuffle(places, random);
    }
    this.blockOfRow = new int[groups.rows()];
    Arrays.setAll(blockOfRow, row -> (int) places[groups.of(row)]);
  }

  private GroupJackknife(int[] blockOfRow, int blocks) {
    this.blockOfRow = blockOfRow;
    this.blocks = blocks;
  }

  /**
   * One that leaves out only groups that hold some of these rows: a figure of these rows has as
   * many degrees of freedom as they have groups, whatever other groups there are.
   */
  public GroupJackknife among(int[] rows) {
    int[] numbers = new int[blocks];
    Arrays.fill(numbers, NONE);
    int count = 0;
    for (int row : rows) {
      int block = blockOfRow[row];
      if (block != NONE && numbers[block] == NONE) {
        numbers[block] = count++;
      }
    }
    int[] narrowed = new int[blockOfRow.length];
    Arrays.setAll(narrowed, row -> blockOfRow[row] == NONE ? NONE : numbers[blockOfRow[row]]);
    return new GroupJackknife(narrowed, count);
  }

  /**
   * A figure without ends: a mean, a number of bits.
   *
   * @param figure of weights, one per row, 0 or 1; it may be asked from several threads and must
   *     not keep the array. Groups without which it is NaN are not left out.
   */
  public Estimate plain(ToDoubleFunction<double[]> figure) {
    Left left = leftOut(figure);
    double half = left.half();
    return new Estimate(
        left.value(),
        Double.isFinite(half)
            ? new Interval(left.value() - half, left.value() + half)
            : Interval.NONE);
  }

  /**
   * A figure with ends.
   *
   * @param low the lowest it can be
   * @param high the highest
   * @param independent how many groups say so where it stands at an end: of an AUROC the number of
   *     groups that hold the rarer class
   */
  public Estimate bounded(
      ToDoubleFunction<double[]> figure, double low, double high, int independent) {
    Left left = leftOut(figure);
    return new Estimate(left.value(), bounded(left, low, high, independent));
  }

  /**
   * A figure with ends that has a second source of chance, independent of the first.
   *
   * @param elsewhere the figure without each of several parts of the second source
   */
  public Estimate bounded(
      ToDoubleFunction<double[]> figure,
      double[] elsewhere,
      double low,
      double high,
      int independent) {
    Left left = leftOut(figure).with(elsewhere);
    return new Estimate(left.value(), bounded(left, low, high, independent));
  }

  private Interval bounded(Left left, double low, double high, int independent) {
    double share = (left.value() - low) / (high - low);
    if (blocks < 2 || !Double.isFinite(share)) {
      return Interval.NONE;
    }
    double reach = Math.pow(TAIL, 1.0 / Math.max(1, independent));
    if (share >= 1) {
      return new Interval(low + reach * (high - low), high);
    }
    if (share <= 0) {
      return new Interval(low, high - reach * (high - low));
    }
    double half = left.half();
    if (!Double.isFinite(half)) {
      return Interval.NONE;
    }
    double logit = Math.log(share / (1 - share));
    double onLogits = half / (high - low) / (share * (1 - share));
    return new Interval(
        Math.min(left.value(), low + (high - low) * logistic(logit - onLogits)),
        Math.max(left.value(), low + (high - low) * logistic(logit + onLogits)));
  }

  private static double logistic(double logit) {
    return 1 / (1 + Math.exp(-logit));
  }

  /**
   * The difference of two figures with the same ends, paired by groups, such as two AUROCs of the
   * same rows. On the logit scale the two lie in an ellipse that their standard errors and their
   * correlation over left-out groups draw; the interval runs from the least difference on it to the
   * largest. It is narrow where the two are nearly the same, and no narrower than their ends allow.
   *
   * <p>Where one stands at its end, or no group makes any difference, it is made of the interval of
   * each, see {@link #differenceOfShares}.
   */
  public Estimate difference(
      ToDoubleFunction<double[]> first,
      ToDoubleFunction<double[]> second,
      double low,
      double high,
      int independent) {
    return difference(leftOut(first), leftOut(second), low, high, independent);
  }

  /**
   * The same of figures that have a second source of chance.
   *
   * @param firstElsewhere the first figure without each of several parts of the second source
   * @param secondElsewhere the second figure without the same parts
   */
  public Estimate difference(
      ToDoubleFunction<double[]> first,
      double[] firstElsewhere,
      ToDoubleFunction<double[]> second,
      double[] secondElsewhere,
      double low,
      double high,
      int independent) {
    return difference(
        leftOut(first).with(firstElsewhere),
        leftOut(second).with(secondElsewhere),
        low,
        high,
        independent);
  }

  /**
   * The difference of two shares, paired by groups, from the interval of each (the method of
   * variance estimates recovery, Zou 2007): where both stand at an end the difference is 0 and its
   * interval no point. A share of few rows moves by whole rows; how the two go together is then not
   * known well enough for an ellipse. Where rows were treated in two ways, the share that lost less
   * the share that gained is the difference, and does not miss a few that changed.
   */
  public Estimate differenceOfShares(
      ToDoubleFunction<double[]> first, ToDoubleFunction<double[]> second, int independent) {
    return fromBoth(leftOut(first), leftOut(second), 0, 1, independent);
  }

  private Estimate difference(Left a, Left b, double low, double high, int independent) {
    LogitEllipse ellipse =
        LogitEllipse.of(
            (a.value() - low) / (high - low),
            (b.value() - low) / (high - low),
            a.product(a) / square(high - low),
            b.product(b) / square(high - low),
            a.product(b) / square(high - low));
    if (!ellipse.hasExtent()) {
      return fromBoth(a, b, low, high, independent);
    }
    return new Estimate(
        a.value() - b.value(),
        new Interval((high - low) * ellipse.least(), (high - low) * ellipse.most()));
  }

  private static double square(double value) {
    return value * value;
  }

  private Estimate fromBoth(Left a, Left b, double low, double high, int independent) {
    Interval ofA = bounded(a, low, high, independent);
    Interval ofB = bounded(b, low, high, independent);
    double difference = a.value() - b.value();
    if (!ofA.exists() || !ofB.exists()) {
      return new Estimate(difference, Interval.NONE);
    }
    double together = Correlation.pearson(a.without(), b.without());
    double common = Double.isNaN(together) ? 0 : together;
    double below = length(a.value() - ofA.low(), ofB.high() - b.value(), common);
    double above = length(ofA.high() - a.value(), b.value() - ofB.low(), common);
    return new Estimate(difference, new Interval(difference - below, difference + above));
  }

  private static double length(double a, double b, double correlation) {
    return Math.sqrt(Math.max(0, a * a + b * b - 2 * correlation * a * b));
  }

  /** The mean of the values of some rows, of those that are numbers. */
  public Estimate mean(double[] values, int[] rows) {
    double[] sums = new double[blocks];
    double[] counts = new double[blocks];
    for (int row : rows) {
      if (blockOfRow[row] != NONE && Double.isFinite(values[row])) {
        sums[blockOfRow[row]] += values[row];
        counts[blockOfRow[row]]++;
      }
    }
    double sum = Arrays.stream(sums).sum();
    double count = Arrays.stream(counts).sum();
    double[] without = new double[blocks];
    Arrays.setAll(without, block -> (sum - sums[block]) / (count - counts[block]));
    double[] told =
        IntStream.range(0, blocks)
            .filter(block -> counts[block] > 0)
            .mapToDouble(block -> without[block])
            .toArray();
    double half = new Left(sum / count, told, new double[0]).half();
    return new Estimate(
        sum / count,
        Double.isFinite(half)
            ? new Interval(sum / count - half, sum / count + half)
            : Interval.NONE);
  }

  /**
   * A figure of all rows, and without each block.
   *
   * @param elsewhere the figure without parts of a second source of chance; empty if there is one
   */
  private record Left(double value, double[] without, double[] elsewhere) {
    Left with(double[] other) {
      return new Left(value, without, other.clone());
    }

    /** Half the width of the interval on the figure's own scale; NaN where nothing can be said. */
    double half() {
      return Math.sqrt(product(this));
    }

    /**
     * The covariance of two figures times the square of Student's t; NaN where nothing can be said.
     */
    double product(Left other) {
      double own = product(without, other.without);
      return elsewhere.length == 0 ? own : own + product(elsewhere, other.elsewhere);
    }

    private static double product(double[] a, double[] b) {
      int[] told =
          IntStream.range(0, a.length)
              .filter(i -> Double.isFinite(a[i]) && Double.isFinite(b[i]))
              .toArray();
      if (told.length < 2) {
        return Double.NaN;
      }
      double meanOfA = IntStream.of(told).mapToDouble(i -> a[i]).sum() / told.length;
      double meanOfB = IntStream.of(told).mapToDouble(i -> b[i]).sum() / told.length;
      double products =
          IntStream.of(told).mapToDouble(i -> (a[i] - meanOfA) * (b[i] - meanOfB)).sum();
      double t = StudentT.upper(told.length - 1);
      return t * t * products * (told.length - 1) / told.length;
    }
  }

  private Left leftOut(ToDoubleFunction<double[]> figure) {
    double[] once = new double[blockOfRow.length];
    Arrays.fill(once, 1);
    double value = figure.applyAsDouble(once);
    double[] without = new double[blocks < 2 ? 0 : blocks];
    IntStream.range(0, without.length)
        .parallel()
        .forEach(
            block -> {
              double[] weights = new double[blockOfRow.length];
              for (int row = 0; row < weights.length; row++) {
                weights[row] = blockOfRow[row] == block ? 0 : 1;
              }
              without[block] = figure.applyAsDouble(weights);
            });
    return new Left(value, without, new double[0]);
  }
}
