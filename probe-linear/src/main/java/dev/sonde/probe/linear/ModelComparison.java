package dev.sonde.probe.linear;

import dev.sonde.api.evaluate.Evaluation;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Table;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.GroupJackknife;
import dev.sonde.statistics.Groups;
import dev.sonde.statistics.PairedFigures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * What becomes of the probe on further models of the same width, such as other weight types: its
 * direction, its scores, its threshold, the answers of the model.
 */
final class ModelComparison {
  private final ProbeContext context;
  private final CaptureRequest features;
  private final Evaluation evaluation;
  private final CompareSettings settings;
  private final Map<String, Map<HookPoint, double[]>> directions = new LinkedHashMap<>();
  private final Map<String, Comparison> comparisons = new LinkedHashMap<>();

  ModelComparison(
      ProbeContext context,
      CaptureRequest features,
      Evaluation evaluation,
      CompareSettings settings) {
    this.context = context;
    this.features = features;
    this.evaluation = evaluation;
    this.settings = settings;
  }

  /**
   * Compares directions and scores.
   *
   * @param main rows of the main model
   */
  void report(Map<HookPoint, Matrix> main, Map<HookPoint, double[]> ofMain, Targets labels) {
    HookPoint best = evaluation.best().point();
    for (String model : context.models()) {
      int width = context.model(model).info().width();
      int own = context.model().info().width();
      if (width != own) {
        context
            .report()
            .note(
                "Model '%s' is not compared: it is %d wide, the main model %d."
                    .formatted(model, width, own));
        continue;
      }
      Map<HookPoint, Matrix> captured = context.capture(features.ofModel(model));
      directions.put(model, agreement(model, captured, ofMain, labels));
      Matrix rows = captured.get(best);
      if (rows != null) {
        Comparison comparison =
            new Comparison(model, comparisons.size() + 1, best, context.report());
        comparisons.put(model, comparison);
        Matrix before = Objects.requireNonNull(main.get(best));
        comparison.single(
            "cosine", "cosine of the directions", cosine(before, rows, labels), labels.size());
        if (labels.isBinary()) {
          new CarriedProbe(evaluation, labels, settings).report(comparison, before, rows, paired());
        }
      }
    }
    DirectionAgreement.figure(ofMain, directions).ifPresent(context.report()::figure);
  }

  private PairedFigures paired() {
    Targets classes = context.study().targets().orElseThrow().classes();
    boolean[] positive = new boolean[classes.size()];
    for (int row = 0; row < positive.length; row++) {
      positive[row] = classes.positive(row);
    }
    return new PairedFigures(
        groups(), positive, evaluation.folds(), context.random("paired by groups"));
  }

  private Groups groups() {
    return Groups.of(context.study().groups());
  }

  /** The further models of the main model's width, by name. */
  Map<String, Comparison> comparisons() {
    return comparisons;
  }

  CompareSettings settings() {
    return settings;
  }

  /** Has all models answer, where that is asked for. */
  void answers(Accuracy.Asked asked) {
    if (settings.answers() && !comparisons.isEmpty()) {
      new ComparedAnswers(context, asked, settings).report(comparisons.values());
    }
  }

  /** Adds the table of everything, once all is in. */
  void table() {
    List<List<Object>> lines = new ArrayList<>();
    comparisons.values().forEach(comparison -> lines.addAll(comparison.lines()));
    if (!lines.isEmpty()) {
      context
          .report()
          .table(
              Table.of(
                  "compared_models",
                  "What becomes of the probe on further models (%s at %s, chosen for the main model)"
                      .formatted(evaluation.best().decoder(), evaluation.best().point()),
                  Comparison.COLUMNS,
                  lines));
    }
  }

  private Map<HookPoint, double[]> agreement(
      String model,
      Map<HookPoint, Matrix> captured,
      Map<HookPoint, double[]> ofMain,
      Targets labels) {
    Map<HookPoint, double[]> its = new LinkedHashMap<>();
    ofMain.forEach(
        (point, direction) -> {
          Matrix rows = captured.get(point);
          if (rows != null) {
            double[] other = Directions.of(rows, labels, row -> true);
            its.put(point, other);
            context
                .report()
                .metric(
                    Metric.of("direction.agreement", Directions.cosine(direction, other))
                        .at(point)
                        .where("with_model", model)
                        .n(labels.size()));
          }
        });
    return its;
  }

  /** The cosine of both models' directions, each fitted again without each group. */
  private Estimate cosine(Matrix main, Matrix other, Targets labels) {
    int[] all = IntStream.range(0, labels.size()).toArray();
    Groups groups = groups();
    return new GroupJackknife(groups, context.random("cosine of models"))
        .bounded(
            weights -> {
              int[] left = IntStream.of(all).filter(row -> weights[row] > 0).toArray();
              return labels.select(left).vary()
                  ? Directions.cosine(
                      Directions.of(main, labels, row -> weights[row] > 0),
                      Directions.of(other, labels, row -> weights[row] > 0))
                  : Double.NaN;
            },
            -1,
            1,
            groups.count());
  }
}
