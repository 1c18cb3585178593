package dev.sonde.probe.linear;

import dev.sonde.api.data.Example;
import dev.sonde.api.data.Study;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Metric;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.GroupJackknife;
import dev.sonde.statistics.Groups;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Where the rows of further sets lie along the direction of the main data set, labelled or not:
 * their mean projection in units in which the main set's classes lie at 1 and 0, and the share of
 * rows beyond the middle. Rows whose text the main set holds as well are left out, as the direction
 * was fitted to them.
 */
final class SetProjections {
  private final ProbeContext context;
  private final CaptureRequest features;
  private final Map<HookPoint, double[]> directions;

  SetProjections(
      ProbeContext context, CaptureRequest features, Map<HookPoint, double[]> directions) {
    this.context = context;
    this.features = features;
    this.directions = directions;
  }

  /**
   * Adds the figures of every further set at every hook point.
   *
   * @param main the rows of the main data set
   */
  void report(Map<HookPoint, Matrix> main, Targets labels) {
    Set<String> known =
        context.study().examples().stream().map(Example::text).collect(Collectors.toSet());
    for (String set : context.sets()) {
      Study study = context.study(set);
      int[] rows =
          IntStream.range(0, study.size())
              .filter(row -> !known.contains(study.examples().get(row).text()))
              .toArray();
      if (rows.length < study.size()) {
        context
            .report()
            .note(
                "%d rows of %s stand in the main data set as well and are left out of its projections."
                    .formatted(study.size() - rows.length, set));
      }
      if (rows.length > 0) {
        GroupJackknife jackknife =
            new GroupJackknife(Groups.of(study.groups()), context.random("projections of " + set));
        report(set, rows, jackknife, main, labels.classes());
      }
    }
  }

  private void report(
      String set,
      int[] rows,
      GroupJackknife jackknife,
      Map<HookPoint, Matrix> main,
      Targets classes) {
    Map<HookPoint, Matrix> captured = context.capture(features.onSet(set));
    directions.forEach(
        (point, direction) -> {
          Matrix ofMain = Objects.requireNonNull(main.get(point));
          Matrix ofSet = Objects.requireNonNull(captured.get(point));
          double high = Directions.dot(Directions.mean(ofMain, classes::positive), direction);
          double low =
              Directions.dot(Directions.mean(ofMain, row -> !classes.positive(row)), direction);
          double[] along = new double[ofSet.rows()];
          for (int row : rows) {
            along[row] = (Directions.dot(ofSet.row(row), direction) - low) / (high - low);
          }
          add("set.projection", jackknife.mean(along, rows), point, set, rows.length);
          Estimate beyond =
              jackknife.bounded(
                  weights -> shareBeyond(along, rows, weights), 0, 1, groups(set, rows));
          add("set.beyond_middle", beyond, point, set, rows.length);
        });
  }

  private static double shareBeyond(double[] along, int[] rows, double[] weights) {
    double beyond = 0;
    double all = 0;
    for (int row : rows) {
      beyond += along[row] > 0.5 ? weights[row] : 0;
      all += weights[row];
    }
    return beyond / all;
  }

  private int groups(String set, int[] rows) {
    Study study = context.study(set);
    return (int) IntStream.of(rows).mapToObj(study.groups()::get).distinct().count();
  }

  private void add(String name, Estimate estimate, HookPoint point, String set, int rows) {
    context
        .report()
        .metric(
            Metric.of(name, estimate.value())
                .interval(estimate.low(), estimate.high())
                .at(point)
                .where("set", set)
                .n(rows));
  }
}
