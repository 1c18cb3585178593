package dev.sonde.probe.linear;

import dev.sonde.api.evaluate.Evaluation;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.report.Metric;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.FoldThresholds;
import dev.sonde.statistics.Interval;
import dev.sonde.statistics.LogisticCurve;
import dev.sonde.statistics.PairedFigures;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The probe of the main model on the rows of a further one, held out by groups as on its own, and
 * the same decoder fitted to that model's rows. Threshold and curve of probabilities are those of
 * the main model, set on its held-out scores of the other folds.
 */
final class CarriedProbe {
  private final Evaluation evaluation;
  private final Targets targets;
  private final CompareSettings settings;
  private final int[] folds;
  private final boolean[] positive;

  /**
   * A probe.
   *
   * @param targets of two classes
   */
  CarriedProbe(Evaluation evaluation, Targets targets, CompareSettings settings) {
    this.evaluation = evaluation;
    this.targets = targets;
    this.settings = settings;
    this.folds = evaluation.folds();
    this.positive = new boolean[targets.size()];
    for (int row = 0; row < positive.length; row++) {
      positive[row] = targets.positive(row);
    }
  }

  /**
   * Compares.
   *
   * @param main rows of the main model at the chosen point
   * @param other rows of the further model at the same
   */
  void report(Comparison comparison, Matrix main, Matrix other, PairedFigures paired) {
    String decoder = evaluation.best().decoder();
    double[] own = evaluation.heldOutScores(decoder, main, main);
    double[] carried = evaluation.heldOutScores(decoder, main, other);
    double[] refitted = evaluation.heldOutScores(decoder, other, other);
    int rows = held(true) + held(false);
    PairedFigures.Pair auroc = paired.auroc(own, carried);
    Metric lost = comparison.pair("auroc", "AUROC of the main model's probe", auroc, rows);
    comparison.pair(
        "auroc_refitted", "AUROC of a probe of its own", paired.auroc(own, refitted), rows);
    comparison.claimLoss(
        "separates_on",
        "Does the main model's probe separate as well on model '%s'?",
        "AUROC lost (%s at %s)".formatted(decoder, evaluation.best().point()),
        lost,
        settings.loss(),
        CompareSettings.LOSS,
        auroc.groups());
    FoldThresholds.of(own, positive, folds, settings.falsePositives())
        .ifPresentOrElse(
            thresholds -> threshold(comparison, thresholds, own, carried, paired),
            () ->
                comparison.note(
                    "no threshold was carried to it: the other folds hold too few '%s' rows to set one for a share of %s."
                        .formatted(targets.negativeName(), settings.falsePositives())));
  }

  private void threshold(
      Comparison comparison,
      FoldThresholds thresholds,
      double[] own,
      double[] carried,
      PairedFigures paired) {
    double[] flagged = thresholds.flags(own);
    double[] there = thresholds.flags(carried);
    PairedFigures.Pair alarms = paired.share(flagged, there, false);
    comparison.pair(
        "false_positives",
        "false-positive rate at the main model's threshold, set for %s"
            .formatted(settings.falsePositives()),
        alarms,
        held(false));
    comparison.pair(
        "true_positives",
        "true-positive rate at that threshold",
        paired.share(flagged, there, true),
        held(true));
    comparison.claimLoss(
        "holds_rate_on",
        "Does the main model's threshold hold its false-positive rate on model '%s'?",
        "rise of the false-positive rate",
        comparison.metric("false_positives_risen", turned(alarms.difference()), held(false)),
        settings.loss(),
        CompareSettings.LOSS,
        alarms.groups());
    double deviation = deviation(own);
    for (boolean ofPositive : new boolean[] {false, true}) {
      Estimate shift =
          paired
              .mean(
                  scaled(carried, deviation),
                  scaled(own, deviation),
                  row -> positive[row] == ofPositive)
              .difference();
      String label = ofPositive ? targets.positiveName() : targets.negativeName();
      comparison.single(
          "shift of the scores of '%s' rows, in standard deviations".formatted(label),
          comparison.metric("score_shift", shift, held(ofPositive)).where("label", label));
    }
    Optional<FoldThresholds> itsOwn =
        FoldThresholds.of(carried, positive, folds, settings.falsePositives());
    double moved =
        IntStream.range(0, folds.length)
            .filter(row -> folds[row] >= 0)
            .mapToDouble(row -> itsOwn.orElseThrow().of(row) - thresholds.of(row))
            .average()
            .orElse(Double.NaN);
    comparison.single(
        "threshold_shift",
        "by how much the threshold must move for the same rate, in standard deviations",
        new Estimate(moved / deviation, Interval.NONE),
        held(false));
    calibration(comparison, own, carried, paired);
  }

  private void calibration(
      Comparison comparison, double[] own, double[] carried, PairedFigures paired) {
    double[] errors = new double[folds.length];
    double[] there = new double[folds.length];
    double[] bias = new double[folds.length];
    double[] biasThere = new double[folds.length];
    for (int fold : IntStream.of(folds).filter(f -> f >= 0).distinct().toArray()) {
      LogisticCurve curve = curve(own, fold);
      for (int row = 0; row < folds.length; row++) {
        if (folds[row] == fold) {
          double label = positive[row] ? 1 : 0;
          bias[row] = curve.probability(own[row]) - label;
          biasThere[row] = curve.probability(carried[row]) - label;
          errors[row] = bias[row] * bias[row];
          there[row] = biasThere[row] * biasThere[row];
        }
      }
    }
    int rows = held(true) + held(false);
    comparison.pair(
        "brier",
        "Brier score of the main model's probabilities",
        paired.mean(errors, there, row -> true),
        rows);
    comparison.pair(
        "bias",
        "mean probability less the share of '%s'".formatted(targets.positiveName()),
        paired.mean(bias, biasThere, row -> true),
        rows);
  }

  /** The curve that the other folds set. */
  private LogisticCurve curve(double[] scores, int fold) {
    int[] others =
        IntStream.range(0, folds.length)
            .filter(row -> folds[row] >= 0 && folds[row] != fold)
            .toArray();
    return LogisticCurve.of(scores, others, row -> positive[row]);
  }

  private static Estimate turned(Estimate estimate) {
    return new Estimate(
        0 - estimate.value(), new Interval(0 - estimate.high(), 0 - estimate.low()));
  }

  private static double[] scaled(double[] scores, double deviation) {
    return Arrays.stream(scores).map(score -> score / deviation).toArray();
  }

  /** The standard deviation of held-out scores within folds. */
  private double deviation(double[] scores) {
    double squares = 0;
    int rows = 0;
    for (int fold : IntStream.of(folds).filter(f -> f >= 0).distinct().toArray()) {
      double[] ofFold =
          IntStream.range(0, folds.length)
              .filter(row -> folds[row] == fold)
              .mapToDouble(row -> scores[row])
              .toArray();
      double mean = Arrays.stream(ofFold).average().orElse(Double.NaN);
      squares += Arrays.stream(ofFold).map(score -> (score - mean) * (score - mean)).sum();
      rows += ofFold.length;
    }
    return Math.sqrt(squares / rows);
  }

  private int held(boolean ofPositive) {
    return (int)
        IntStream.range(0, folds.length)
            .filter(row -> folds[row] >= 0 && positive[row] == ofPositive)
            .count();
  }
}
