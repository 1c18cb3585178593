package dev.sonde.engine.evaluate;

import dev.sonde.api.evaluate.Evaluation.Interval;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/**
 * Cluster bootstrap: whole groups are drawn with replacement, and a figure is computed again with
 * each row counted as often as its group was drawn. The same draws serve all figures, so that their
 * intervals can be compared.
 */
final class Bootstrap {
  private static final double LOWER = 0.025;
  private static final double UPPER = 0.975;

  private final int[] groupOfRow;
  private final int[][] draws;

  Bootstrap(List<String> groups, int draws, RandomGenerator random) {
    List<String> distinct = groups.stream().distinct().toList();
    var indices = new HashMap<String, Integer>();
    distinct.forEach(group -> indices.put(group, indices.size()));
    this.groupOfRow = groups.stream().mapToInt(indices::get).toArray();
    this.draws = new int[draws][distinct.size()];
    for (int[] counts : this.draws) {
      for (int i = 0; i < counts.length; i++) {
        counts[random.nextInt(counts.length)]++;
      }
    }
  }

  /**
   * The 95 % percentile interval of a figure of weighted rows.
   *
   * @param figure may be asked from several threads
   */
  Interval interval(ToDoubleFunction<Ranking.Weight> figure) {
    double[] values =
        Arrays.stream(draws)
            .parallel()
            .mapToDouble(counts -> figure.applyAsDouble(row -> counts[groupOfRow[row]]))
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    return new Interval(quantile(values, LOWER), quantile(values, UPPER));
  }

  /** Linear interpolation between order statistics. */
  static double quantile(double[] sorted, double share) {
    if (sorted.length == 0) {
      return Double.NaN;
    }
    double position = share * (sorted.length - 1);
    int below = (int) Math.floor(position);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }

  /** The mean of some values over some rows, as a figure of weighted rows. */
  static ToDoubleFunction<Ranking.Weight> mean(double[] values, int[] rows) {
    return weight -> {
      double sum = 0;
      double all = 0;
      for (int row : rows) {
        sum += weight.of(row) * values[row];
        all += weight.of(row);
      }
      return sum / all;
    };
  }
}
