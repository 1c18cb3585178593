package dev.sonde.engine.evaluate;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Evaluation;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.report.Metric;
import dev.sonde.engine.evaluate.control.ErasedLabel;
import dev.sonde.engine.evaluate.control.EvaluationRun;
import dev.sonde.engine.evaluate.control.Intervals;
import dev.sonde.engine.evaluate.fit.CrossValidation;
import dev.sonde.engine.evaluate.fit.Scored;
import dev.sonde.engine.evaluate.fit.Split;
import dev.sonde.statistics.Estimate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a probe gets back: the choices, and the held-out scores behind them. */
final class HeldOutEvaluation implements Evaluation {
  private final Choice best;
  private final List<Choice> bestOfEachDecoder;
  private final Map<Choice, double[]> scores = new LinkedHashMap<>();
  private final int[] folds;
  private final Intervals intervals;
  private final CrossValidation validation;
  private final Map<String, Decoder> decoders;
  private final Targets targets;
  private final List<LabelErasure> erasures;

  HeldOutEvaluation(EvaluationRun run, Evaluated evaluated) {
    this.best = evaluated.best().choice();
    this.bestOfEachDecoder = evaluated.bestOfEachDecoder();
    for (Scored scored : run.scored()) {
      scores.put(scored.choice(), scored.heldOut().scores());
    }
    this.folds = folds(run.outer().splits(), run.targets().size());
    this.intervals = run.intervals();
    this.validation = run.outer();
    this.decoders = run.decoders();
    this.targets = run.targets();
    this.erasures =
        evaluated.found(ErasedLabel.Result.class).stream()
            .flatMap(result -> result.erased().stream())
            .map(HeldOutEvaluation::erasure)
            .toList();
  }

  private static int[] folds(List<Split> splits, int rows) {
    int[] folds = new int[rows];
    Arrays.fill(folds, -1);
    for (int s = 0; s < splits.size(); s++) {
      for (int row : splits.get(s).test()) {
        folds[row] = s;
      }
    }
    return folds;
  }

  private static LabelErasure erasure(ErasedLabel.Erased one) {
    return new LabelErasure(
        one.eraser(),
        one.most().choice().point(),
        one.fitted().removed(),
        one.fitted().read(),
        one.fitted().mean());
  }

  @Override
  public List<LabelErasure> erasures() {
    return erasures;
  }

  @Override
  public Choice best() {
    return best;
  }

  @Override
  public List<Choice> bestOfEachDecoder() {
    return bestOfEachDecoder;
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
    Decoder found = decoders.get(decoder);
    if (found == null) {
      throw new IllegalArgumentException("the decoder " + decoder + " was not evaluated");
    }
    return validation.carried(fitted, scored, found, targets);
  }

  @Override
  public int[] folds() {
    return folds.clone();
  }

  @Override
  public Metric withInterval(Metric mean, double[] values, int[] rows) {
    Estimate estimate = intervals.mean(values, rows);
    return mean.interval(estimate.low(), estimate.high());
  }
}
