package dev.sonde.probe.linear;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.probe.Captured;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Metric;
import java.util.Map;
import java.util.Optional;

/** Analysis D: how the directions found on several data sets agree. */
final class Agreement {
  private Agreement() {}

  /** Adds the cosine of both directions per hook point and labelled data set. */
  static void report(
      ProbeContext context, CaptureRequest features, Map<HookPoint, double[]> directions) {
    for (String set : context.sets()) {
      Optional<Targets> targets = context.study(set).targets().map(Directions::classes);
      if (targets.isPresent()) {
        Captured captured = context.capture(set, features);
        directions.forEach(
            (point, direction) -> {
              double[] other =
                  Directions.differenceOfMeans(captured.at(point), targets.get(), row -> true);
              context
                  .report()
                  .metric(
                      Metric.of("direction.agreement", Directions.cosine(direction, other))
                          .at(point)
                          .where("with", set)
                          .n(targets.get().size()));
            });
      }
    }
  }
}
