package dev.sonde.probe.linear;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Metric;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Analysis D: how the directions found on several data sets agree. */
final class Agreement {
  private final ProbeContext context;
  private final CaptureRequest features;
  private final Map<HookPoint, double[]> directions;

  /**
   * The agreement with some directions.
   *
   * @param directions of the main model on the main data set
   */
  Agreement(ProbeContext context, CaptureRequest features, Map<HookPoint, double[]> directions) {
    this.context = context;
    this.features = features;
    this.directions = directions;
  }

  /** Adds the cosines per hook point with every labelled data set. */
  void report() {
    for (String set : context.sets()) {
      context
          .study(set)
          .targets()
          .filter(Targets::vary)
          .ifPresent(labels -> report(context.capture(features.onSet(set)), labels, set));
    }
    reportSetsOfOneClass();
  }

  /** The paper's own: a direction from the mean of one set to that of another. */
  private void reportSetsOfOneClass() {
    for (String positive : ofOneClass(true)) {
      for (String negative : ofOneClass(false)) {
        Map<HookPoint, Matrix> above = context.capture(features.onSet(positive));
        Map<HookPoint, Matrix> below = context.capture(features.onSet(negative));
        int rows = context.study(positive).size() + context.study(negative).size();
        directions.forEach(
            (point, direction) -> {
              Matrix from = Objects.requireNonNull(below.get(point));
              Matrix to = Objects.requireNonNull(above.get(point));
              double[] its =
                  Directions.minus(
                      Directions.mean(to, row -> true), Directions.mean(from, row -> true));
              report(point, direction, its, positive + "-" + negative, rows);
            });
      }
    }
  }

  private List<String> ofOneClass(boolean positive) {
    return context.sets().stream()
        .filter(
            set ->
                context
                    .study(set)
                    .targets()
                    .filter(labels -> labels.isBinary() && !labels.vary())
                    .filter(labels -> labels.positive(0) == positive)
                    .isPresent())
        .toList();
  }

  private void report(HookPoint point, double[] direction, double[] its, String other, int rows) {
    context
        .report()
        .metric(
            Metric.of("direction.agreement", Directions.cosine(direction, its))
                .at(point)
                .where("with", other)
                .n(rows));
  }

  private void report(Map<HookPoint, Matrix> captured, Targets targets, String other) {
    directions.forEach(
        (point, direction) ->
            Optional.ofNullable(captured.get(point))
                .map(rows -> Directions.of(rows, targets, row -> true))
                .ifPresent(its -> report(point, direction, its, other, targets.size())));
  }
}
