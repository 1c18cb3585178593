package dev.sonde.probe.linear;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.Study;
import dev.sonde.api.evaluate.Evaluation;
import dev.sonde.api.evaluate.EvaluationSpec;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.probe.Captured;
import dev.sonde.api.probe.Needs;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Metric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The reasoning-direction probe: decoders on every layer, evaluated by the engine; cosines of
 * held-out rows with the direction fitted without their fold; and the direction over all rows as a
 * file.
 */
final class LinearProbe implements Probe {
  private final CaptureRequest features;
  private final List<String> decoders;

  LinearProbe(List<String> points, String tokens, List<String> decoders) {
    this.features = CaptureRequest.of(points, tokens);
    this.decoders = decoders;
  }

  @Override
  public Needs needs(ModelInfo model, Study study) {
    if (study.targets().isEmpty()) {
      throw new InvalidInputException("the linear probe needs data.label and data.positive");
    }
    return Needs.builder().evaluate(EvaluationSpec.of(features, decoders)).build();
  }

  @Override
  public void run(ProbeContext context) {
    Evaluation evaluation = context.evaluate(EvaluationSpec.of(features, decoders));
    Targets targets = context.study().targets().orElseThrow();
    Captured captured = context.capture(features);
    List<HeldOutRows> heldOut = new ArrayList<>();
    Map<String, Matrix> directions = new LinkedHashMap<>();
    Map<String, Matrix> projections = new LinkedHashMap<>();
    for (HookPoint point : captured.points()) {
      Matrix rows = captured.at(point);
      double[] whole = Directions.differenceOfMeans(rows, targets, row -> true);
      context.report().metric(Metric.of("direction.norm", Directions.norm(whole)).at(point));
      directions.put(point.name(), vector(whole));
      HeldOutRows held = HeldOutRows.of(point, rows, targets, evaluation.folds());
      held.metrics(targets).forEach(context.report()::metric);
      projections.put(point.name(), vector(held.projections()));
      heldOut.add(held);
    }
    CosineCurve.figure(heldOut, targets).ifPresent(context.report()::figure);
    context.saveTensors("direction", directions, metadata(context, evaluation, targets));
    context.saveTensors("projections", projections, metadata(context, evaluation, targets));
  }

  private static Matrix vector(double[] values) {
    return Matrix.of(Matrix.Type.FLOAT32, new double[][] {values});
  }

  private Map<String, String> metadata(
      ProbeContext context, Evaluation evaluation, Targets targets) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "sonde-direction-1");
    metadata.put("method", "difference_of_means");
    metadata.put("positive", targets.positiveName());
    metadata.put("negative", targets.negativeName());
    metadata.put("model", context.model().info().contentHash());
    metadata.put("architecture", context.model().info().architecture());
    metadata.put("tokens", features.selector() + "/" + features.reduction());
    metadata.put("best", evaluation.best().point().name());
    return metadata;
  }
}
