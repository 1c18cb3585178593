package dev.sonde.testkit;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.Study;
import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Evaluation;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.report.Metric;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Cross-validation in four folds of whole groups, the difference of means as every decoder. */
final class PlantedEvaluation implements Evaluation {
  private static final int FOLDS = 4;

  private final int[] folds;
  private final Targets targets;
  private final Map<Choice, double[]> scores = new LinkedHashMap<>();
  private final Map<Choice, Double> aurocs = new LinkedHashMap<>();

  private PlantedEvaluation(int[] folds, Targets targets) {
    this.folds = folds;
    this.targets = targets;
  }

  static PlantedEvaluation of(Study study, CaptureRequest spec, Map<HookPoint, Matrix> captured) {
    Targets targets =
        study.targets().orElseThrow(() -> new InvalidInputException("the data has no labels"));
    List<String> groups = study.groups();
    List<String> order = groups.stream().distinct().toList();
    int[] folds = groups.stream().mapToInt(g -> order.indexOf(g) / 2 % FOLDS).toArray();
    PlantedEvaluation evaluation = new PlantedEvaluation(folds, targets);
    for (String decoder : spec.decoders()) {
      for (Map.Entry<HookPoint, Matrix> each : captured.entrySet()) {
        HookPoint point = each.getKey();
        double[] scores = heldOut(each.getValue(), each.getValue(), targets, folds);
        evaluation.scores.put(new Choice(decoder, point), scores);
        evaluation.aurocs.put(new Choice(decoder, point), auroc(scores, targets));
      }
    }
    return evaluation;
  }

  private static double[] heldOut(Matrix fitted, Matrix rows, Targets targets, int[] folds) {
    double[] scores = new double[folds.length];
    for (int fold = 0; fold < FOLDS; fold++) {
      int held = fold;
      int[] train = IntStream.range(0, folds.length).filter(r -> folds[r] != held).toArray();
      int[] test = IntStream.range(0, folds.length).filter(r -> folds[r] == held).toArray();
      Scorer scorer = meanDifference().fit(select(fitted, train), targets.select(train));
      double[] scored = scorer.score(select(rows, test));
      for (int i = 0; i < test.length; i++) {
        scores[test[i]] = scored[i];
      }
    }
    return scores;
  }

  private static PlainDesign select(Matrix rows, int[] chosen) {
    PlainDesign design = new PlainDesign(chosen.length, rows.columns());
    for (int i = 0; i < chosen.length; i++) {
      design.values().setRow(i, rows.row(chosen[i]));
    }
    return design;
  }

  /** The decoder that stands for all: the difference of means. */
  static Decoder meanDifference() {
    return (train, targets) -> Scorer.linear(train.slopes(List.of(targets)).slopes().column(0), 0);
  }

  /** The share of pairs of a positive and a negative row that stand in the right order. */
  static double auroc(double[] scores, Targets targets) {
    double concordant = 0;
    double pairs = 0;
    for (int p = 0; p < scores.length; p++) {
      for (int n = 0; n < scores.length; n++) {
        if (targets.positive(p) && !targets.positive(n)) {
          pairs++;
          concordant += scores[p] > scores[n] ? 1 : scores[p] == scores[n] ? 0.5 : 0;
        }
      }
    }
    return concordant / pairs;
  }

  /** The AUROC of every choice, by decoder and point. */
  Map<String, Double> aurocs() {
    Map<String, Double> named = new LinkedHashMap<>();
    aurocs.forEach((choice, value) -> named.put(choice.decoder() + "/" + choice.point(), value));
    return named;
  }

  @Override
  public Choice best() {
    return aurocs.entrySet().stream()
        .max(Comparator.comparingDouble(Map.Entry::getValue))
        .orElseThrow()
        .getKey();
  }

  @Override
  public List<Choice> bestOfEachDecoder() {
    return aurocs.keySet().stream()
        .map(Choice::decoder)
        .distinct()
        .map(
            decoder ->
                aurocs.entrySet().stream()
                    .filter(each -> each.getKey().decoder().equals(decoder))
                    .max(Comparator.comparingDouble(Map.Entry::getValue))
                    .orElseThrow()
                    .getKey())
        .toList();
  }

  @Override
  public double[] heldOutScores(Choice choice) {
    double[] found = scores.get(choice);
    if (found == null) {
      throw new IllegalArgumentException(choice + " was not evaluated");
    }
    return found.clone();
  }

  @Override
  public double[] heldOutScores(String decoder, Matrix fitted, Matrix scored) {
    if (scores.keySet().stream().noneMatch(choice -> choice.decoder().equals(decoder))) {
      throw new IllegalArgumentException(decoder + " was not evaluated");
    }
    return heldOut(fitted, scored, targets, folds);
  }

  @Override
  public int[] folds() {
    return folds.clone();
  }

  @Override
  public Metric withInterval(Metric mean, double[] values, int[] rows) {
    double own = Arrays.stream(rows).mapToDouble(row -> values[row]).average().orElse(Double.NaN);
    return mean.interval(own, own);
  }
}
