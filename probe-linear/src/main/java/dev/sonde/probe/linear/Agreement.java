package dev.sonde.probe.linear;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Metric;
import java.util.Map;
import java.util.Optional;

/** Analysis D: how the directions found on several data sets and by several models agree. */
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

  /** Adds the cosines per hook point with every labelled data set and every model of one width. */
  void report(Targets targets) {
    for (String set : context.sets()) {
      context
          .study(set)
          .targets()
          .map(Directions::classes)
          .ifPresent(labels -> report(context.capture(features.onSet(set)), labels, "with", set));
    }
    for (String model : context.models()) {
      int width = context.model(model).info().width();
      if (width == context.model().info().width()) {
        report(context.capture(features.ofModel(model)), targets, "with_model", model);
      } else {
        context
            .report()
            .note(
                "The directions of model '%s' are not compared: it is %d wide, the main model %d."
                    .formatted(model, width, context.model().info().width()));
      }
    }
  }

  private void report(Map<HookPoint, Matrix> captured, Targets targets, String key, String other) {
    directions.forEach(
        (point, direction) ->
            Optional.ofNullable(captured.get(point))
                .map(rows -> Directions.differenceOfMeans(rows, targets, row -> true))
                .ifPresent(
                    its ->
                        context
                            .report()
                            .metric(
                                Metric.of("direction.agreement", Directions.cosine(direction, its))
                                    .at(point)
                                    .where(key, other)
                                    .n(targets.size()))));
  }
}
