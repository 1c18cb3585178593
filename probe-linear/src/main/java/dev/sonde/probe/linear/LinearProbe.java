package dev.sonde.probe.linear;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.Example;
import dev.sonde.api.evaluate.Evaluation;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.probe.Inputs;
import dev.sonde.api.probe.Needs;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.probe.VectorFormat;
import dev.sonde.api.report.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The reasoning-direction probe: decoders on every layer, evaluated by the engine; the analyses of
 * the paper, on rows that the direction was fitted without; the direction over all rows as a file;
 * and where it is asked for, what steering along it does to answers.
 */
final class LinearProbe implements Probe {
  private final CaptureRequest features;
  private final List<String> decoders;
  private final Optional<SteerSettings> steering;
  private final CompareSettings comparing;
  private final Accuracy.Asked asked;
  private final ErasedModel.Asked erasing;

  /**
   * A probe.
   *
   * @param comparing how further models are compared
   * @param asked how whole answers are judged
   * @param erasing what is looked at where the label is erased from the running model
   */
  LinearProbe(
      CaptureRequest features,
      List<String> decoders,
      Optional<SteerSettings> steering,
      CompareSettings comparing,
      Accuracy.Asked asked,
      ErasedModel.Asked erasing) {
    this.features = features;
    this.decoders = decoders;
    this.steering = steering;
    this.comparing = comparing;
    this.asked = asked;
    this.erasing = erasing;
  }

  @Override
  public Needs needs(Inputs inputs) {
    if (inputs.study().targets().isEmpty()) {
      throw new InvalidInputException(
          "the linear probe needs data.label, and data.positive where labels are no numbers");
    }
    return Needs.none().evaluate(features.decodedBy(decoders));
  }

  @Override
  public void run(ProbeContext context) {
    Evaluation evaluation = context.evaluate(features.decodedBy(decoders));
    Targets labels = context.study().targets().orElseThrow();
    Targets targets = labels.classes();
    Map<HookPoint, Matrix> captured = context.capture(features);
    List<HeldOutRows> heldOut = new ArrayList<>();
    Map<HookPoint, double[]> directions = new LinkedHashMap<>();
    Map<String, Matrix> projections = new LinkedHashMap<>();
    for (Map.Entry<HookPoint, Matrix> entry : captured.entrySet()) {
      HookPoint point = entry.getKey();
      Matrix rows = entry.getValue();
      double[] whole = Directions.of(rows, labels, row -> true);
      context.report().metric(Metric.of("direction.norm", Directions.norm(whole)).at(point));
      directions.put(point, whole);
      HeldOutRows held = HeldOutRows.of(point, rows, labels, evaluation.folds());
      held.metrics(targets, evaluation).forEach(context.report()::metric);
      projections.put(point.name(), vector(held.projections()));
      heldOut.add(held);
    }
    CosineCurve.figure(heldOut, targets).ifPresent(context.report()::figure);
    HookPoint best = evaluation.best().point();
    if (!labels.isBinary()) {
      heldOut.stream()
          .filter(held -> held.point().equals(best))
          .findFirst()
          .ifPresent(held -> context.report().figure(GradedRelation.figure(held, labels)));
    }
    PrincipalMap.figure(context, features, best, evaluation.folds())
        .ifPresent(context.report()::figure);
    Components.report(context, captured, directions, best);
    new Agreement(context, features, directions).report();
    new SetProjections(context, features, directions).report(captured, labels);
    ModelComparison models = new ModelComparison(context, features, evaluation, comparing);
    models.report(captured, directions, labels);
    WrongSide.table(context.study(), targets, evaluation).ifPresent(context.report()::table);
    Map<String, String> metadata = metadata(context, evaluation, targets);
    Map<String, Matrix> vectors = new LinkedHashMap<>();
    directions.forEach((point, direction) -> vectors.put(point.name(), vector(direction)));
    context.saveTensors("direction", vectors, metadata);
    context.saveTensors("projections", projections, metadata);
    context.saveTensors("heldout", heldOutScores(captured, evaluation), rowIds(context));
    context.saveDirections("direction", "gguf", exported(best, directions, metadata));
    steering.ifPresent(
        settings -> new Steering(context, settings, evaluation, targets, models).run(captured));
    new ErasedModel(context, erasing, targets).report(evaluation);
    models.answers(asked);
    models.table();
  }

  /** Folds and scores of every row, from which the figures can be computed again. */
  private static Map<String, Matrix> heldOutScores(
      Map<HookPoint, Matrix> captured, Evaluation evaluation) {
    Map<String, Matrix> tensors = new LinkedHashMap<>();
    tensors.put("folds", vector(Arrays.stream(evaluation.folds()).asDoubleStream().toArray()));
    for (Evaluation.Choice best : evaluation.bestOfEachDecoder()) {
      for (HookPoint point : captured.keySet()) {
        double[] scores = evaluation.heldOutScores(new Evaluation.Choice(best.decoder(), point));
        tensors.put(
            best.decoder() + "/" + point.name(),
            Matrix.of(Matrix.Type.FLOAT64, new double[][] {scores}));
      }
    }
    return tensors;
  }

  private static Map<String, String> rowIds(ProbeContext context) {
    return Map.of(
        "format",
        "sonde-heldout-1",
        "row_ids",
        context.study().examples().stream().map(Example::id).collect(Collectors.joining("\n")));
  }

  /** The directions to be applied: of several kinds of token, those of the best. */
  private static VectorFormat.Directions exported(
      HookPoint best, Map<HookPoint, double[]> directions, Map<String, String> metadata) {
    Map<HookPoint, float[]> vectors = new LinkedHashMap<>();
    directions.forEach(
        (point, direction) -> {
          if (tokens(point).equals(tokens(best))) {
            vectors.put(point.place(), floats(direction));
          }
        });
    return VectorFormat.Directions.of(vectors, metadata);
  }

  private static String tokens(HookPoint point) {
    return point.name().substring(point.place().name().length());
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int c = 0; c < floats.length; c++) {
      floats[c] = (float) values[c];
    }
    return floats;
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
    metadata.put(
        "tokens",
        features.each().stream()
            .map(each -> each.selector() + "/" + each.reduction())
            .collect(Collectors.joining(",")));
    metadata.put("best", evaluation.best().point().name());
    return metadata;
  }
}
