package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.engine.evaluate.fit.Measure;
import dev.sonde.engine.evaluate.fit.Merit;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.GroupJackknife;
import dev.sonde.statistics.Groups;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** The intervals of the figures of a data set, see {@link GroupJackknife}. */
public final class Intervals {
  private final GroupJackknife jackknife;
  private final Merit merit;
  private final int independent;

  private Intervals(GroupJackknife jackknife, Merit merit, int independent) {
    this.jackknife = jackknife;
    this.merit = merit;
    this.independent = independent;
  }

  /** Of the rows of some groups. */
  public static Intervals of(Targets targets, List<String> groups, RandomGenerator random) {
    Groups numbered = Groups.of(groups);
    Merit merit = Merit.of(targets);
    int independent =
        merit == Merit.AUROC
            ? Math.min(holding(targets, numbered, true), holding(targets, numbered, false))
            : numbered.count();
    return new Intervals(new GroupJackknife(numbered, random), merit, independent);
  }

  /** How many groups hold a class. */
  static int holding(Targets targets, Groups groups, boolean positive) {
    return (int)
        IntStream.range(0, targets.size())
            .filter(row -> targets.positive(row) == positive)
            .map(groups::of)
            .distinct()
            .count();
  }

  /** A figure of merit. */
  public Estimate merit(Measure measure) {
    return jackknife.bounded(measure::value, merit.lowest(), 1, independent);
  }

  /**
   * A figure of merit of what was fitted to other rows.
   *
   * @param refitted the figure of what was fitted without each of several parts of those rows
   */
  Estimate merit(Measure measure, double[] refitted) {
    return jackknife.bounded(measure::value, refitted, merit.lowest(), 1, independent);
  }

  /** A correlation. */
  public Estimate correlation(Measure measure) {
    return jackknife.bounded(measure::value, -1, 1, independent);
  }

  /** The difference of two figures of merit. */
  public Estimate difference(ToDoubleFunction<double[]> first, ToDoubleFunction<double[]> second) {
    return jackknife.difference(first, second, merit.lowest(), 1, independent);
  }

  /** The difference of two figures of merit of what was fitted to other rows, see above. */
  Estimate difference(Measure first, double[] refitted, Measure second, double[] secondRefitted) {
    return jackknife.difference(
        first::value, refitted, second::value, secondRefitted, merit.lowest(), 1, independent);
  }

  /** A figure of merit that is itself a mean of several. */
  public Estimate merit(ToDoubleFunction<double[]> figure) {
    return jackknife.bounded(figure, merit.lowest(), 1, independent);
  }

  /**
   * The share of hits among the rows that have a value.
   *
   * @param hits 1, 0 or NaN, one a row
   * @param groups those of the rows
   */
  public Estimate share(double[] hits, Groups groups) {
    int holding =
        (int)
            IntStream.range(0, hits.length)
                .filter(row -> !Double.isNaN(hits[row]))
                .map(groups::of)
                .distinct()
                .count();
    return jackknife.bounded(
        weights -> {
          double sum = 0;
          double rows = 0;
          for (int row = 0; row < hits.length; row++) {
            if (!Double.isNaN(hits[row])) {
              sum += weights[row] * hits[row];
              rows += weights[row];
            }
          }
          return sum / rows;
        },
        0,
        1,
        holding);
  }

  /** The mean of the values of some rows, of those that are numbers. */
  public Estimate mean(double[] values, int[] rows) {
    return jackknife.mean(values, rows);
  }
}
