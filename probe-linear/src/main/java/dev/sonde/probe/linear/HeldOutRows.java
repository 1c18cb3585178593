package dev.sonde.probe.linear;

import dev.sonde.api.evaluate.Evaluation;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.report.Metric;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How the rows at one hook point lie to the direction there, each row measured with a direction
 * that was fitted without its fold.
 *
 * @param cosines per row {@code cos(h, r)}; NaN for rows that no fold held out
 * @param projections per row {@code h · r / (‖r‖ + 1e-8)}; NaN as above
 */
record HeldOutRows(HookPoint point, double[] cosines, double[] projections) {

  /** Measures all rows; {@code folds} says per row by which fold it was held out, or −1. */
  static HeldOutRows of(HookPoint point, Matrix rows, Targets targets, int[] folds) {
    double[] cosines = new double[rows.rows()];
    double[] projections = new double[rows.rows()];
    Arrays.fill(cosines, Double.NaN);
    Arrays.fill(projections, Double.NaN);
    for (int fold : IntStream.of(folds).filter(f -> f >= 0).distinct().toArray()) {
      double[] direction = Directions.of(rows, targets, r -> folds[r] != fold);
      double[] unit = Directions.unit(direction);
      for (int row = 0; row < folds.length; row++) {
        if (folds[row] == fold) {
          double[] h = rows.row(row);
          cosines[row] = Directions.cosine(h, direction);
          projections[row] = Directions.dot(h, unit);
        }
      }
    }
    return new HeldOutRows(point, cosines, projections);
  }

  /** Mean and standard deviation of some values over the held-out rows of one class. */
  record Summary(String label, double mean, double deviation, int rows) {}

  /** Both classes' cosines. */
  List<Summary> cosinesByLabel(Targets targets) {
    return byLabel(cosines, targets);
  }

  /** Both classes' mean figures for the report, with the evaluation's intervals. */
  List<Metric> metrics(Targets targets, Evaluation evaluation) {
    return Stream.concat(
            metrics("cosine", cosines, targets, evaluation),
            metrics("projection", projections, targets, evaluation))
        .toList();
  }

  private Stream<Metric> metrics(
      String name, double[] values, Targets targets, Evaluation evaluation) {
    return Stream.of(true, false)
        .map(
            positive -> {
              Summary summary =
                  summary(
                      values,
                      targets,
                      positive,
                      positive ? targets.positiveName() : targets.negativeName());
              return evaluation
                  .withInterval(
                      Metric.of(name, summary.mean()), values, rows(values, targets, positive))
                  .at(point)
                  .where("label", summary.label())
                  .n(summary.rows());
            });
  }

  private static int[] rows(double[] values, Targets targets, boolean positive) {
    return IntStream.range(0, values.length)
        .filter(row -> targets.positive(row) == positive && !Double.isNaN(values[row]))
        .toArray();
  }

  private static List<Summary> byLabel(double[] values, Targets targets) {
    return List.of(
        summary(values, targets, true, targets.positiveName()),
        summary(values, targets, false, targets.negativeName()));
  }

  private static Summary summary(double[] values, Targets targets, boolean positive, String label) {
    double[] chosen =
        IntStream.of(rows(values, targets, positive)).mapToDouble(row -> values[row]).toArray();
    double mean = Arrays.stream(chosen).average().orElse(Double.NaN);
    double variance = 0;
    for (double value : chosen) {
      variance += (value - mean) * (value - mean) / chosen.length;
    }
    return new Summary(label, mean, Math.sqrt(variance), chosen.length);
  }
}
