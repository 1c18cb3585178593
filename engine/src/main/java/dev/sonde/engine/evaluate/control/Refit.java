package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Evaluation.Choice;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.report.Metric;
import dev.sonde.engine.evaluate.fit.Candidate;
import dev.sonde.engine.evaluate.fit.CrossValidation;
import dev.sonde.engine.evaluate.fit.FoldRows;
import dev.sonde.engine.evaluate.fit.Merit;
import dev.sonde.engine.evaluate.fit.Scored;
import dev.sonde.engine.evaluate.fit.Split;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.LogisticCurve;
import dev.sonde.statistics.Reliability;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What is kept of an evaluation to be used: each decoder at its best hook point, fitted once more,
 * to all rows. Its curve of probabilities and its thresholds are those of its held-out scores,
 * which other fits of the same decoder gave on folds (as scikit-learn's {@code
 * CalibratedClassifierCV} without an ensemble does): of rows that a fit has seen they would promise
 * too much.
 */
public final class Refit implements Control {
  @Override
  public Measured measure(EvaluationRun run) {
    List<Refitted> all =
        run.atBestPoints("fit to all rows", best -> refitted(run, best)).stream()
            .flatMap(Optional::stream)
            .toList();
    return working ->
        new Result(run.subject(), ControlResult.Placed.among(all, working), chosen(run, working));
  }

  /**
   * The nested procedure on all rows: of the decoders that it may choose, the one with the highest
   * cross-validated figure.
   */
  private static Optional<Choice> chosen(EvaluationRun run, Set<String> working) {
    List<String> choosable = run.candidates().choosable(working);
    List<Scored> some =
        run.scored().stream()
            .filter(one -> choosable.contains(one.choice().decoder()))
            .filter(one -> working.contains(one.choice().decoder()))
            .toList();
    return some.isEmpty()
        ? Optional.empty()
        : Optional.of(Scored.best(some.stream(), Scored::rank).choice());
  }

  private static Optional<Refitted> refitted(EvaluationRun run, Candidate best) {
    if (CrossValidation.isConstant(best.features())) {
      return Optional.empty();
    }
    int[] rows = IntStream.range(0, run.targets().size()).toArray();
    FoldRows all = new FoldRows(best.features(), rows, run.algebra());
    Scorer scorer = best.decoder().fit(all, run.targets());
    return Optional.of(
        new Refitted(
            best.choice(),
            scorer,
            run.merit() == Merit.AUROC
                ? held(run, best.choice()).map(scores -> use(run, scores))
                : Optional.empty()));
  }

  private static Optional<double[]> held(EvaluationRun run, Choice choice) {
    return run.scored().stream()
        .filter(one -> one.choice().equals(choice))
        .map(one -> one.heldOut().scores())
        .findFirst();
  }

  private static Use use(EvaluationRun run, double[] scores) {
    Targets targets = run.targets();
    int[] held =
        IntStream.range(0, scores.length).filter(row -> !Double.isNaN(scores[row])).toArray();
    List<Threshold> thresholds =
        Threshold.all(
            scores,
            targets,
            run.numberedGroups(),
            hits -> run.intervals().share(hits, run.numberedGroups()));
    return new Use(
        LogisticCurve.of(scores, held, targets::positive),
        thresholds,
        reliability(run, scores, targets));
  }

  /** Each fold's rows by the curve of the other folds' held-out scores. */
  private static Optional<Reliability> reliability(
      EvaluationRun run, double[] scores, Targets targets) {
    List<Split> splits = run.outer().splits();
    Reliability.Collected rows = new Reliability.Collected();
    for (Split split : splits) {
      int[] others =
          splits.stream()
              .filter(other -> !other.equals(split))
              .flatMapToInt(other -> IntStream.of(other.test()))
              .toArray();
      if (others.length > 0 && targets.select(others).vary()) {
        LogisticCurve curve = LogisticCurve.of(scores, others, targets::positive);
        for (int row : split.test()) {
          rows.add(curve.probability(scores[row]), targets.positive(row));
        }
      }
    }
    return rows.reliability(run.seeds().random("reliability"));
  }

  /**
   * What scores of two classes are turned into.
   *
   * @param curve probabilities of the positive class
   * @param thresholds by the rate of false positives that was asked for; those that so few rows
   *     cannot vouch for are missing
   * @param reliability of probabilities that each fold is given by the others; empty of one split
   */
  public record Use(
      LogisticCurve curve, List<Threshold> thresholds, Optional<Reliability> reliability) {
    /** A use with its list copied. */
    public Use {
      thresholds = List.copyOf(thresholds);
    }
  }

  /**
   * A decoder fitted to all rows.
   *
   * @param use of classes; empty of graded labels
   */
  public record Refitted(Choice choice, Scorer scorer, Optional<Use> use)
      implements ControlResult.Placed {}

  /**
   * Every decoder fitted to all rows.
   *
   * @param chosen the one that the nested procedure takes; empty where it may choose none
   */
  public record Result(Subject subject, List<Refitted> found, Optional<Choice> chosen)
      implements ControlResult {
    /** A result with its list copied. */
    public Result {
      found = List.copyOf(found);
    }

    /** What the nested procedure takes, where it was fitted. */
    public Optional<Refitted> taken() {
      return found.stream()
          .filter(one -> chosen.filter(one.choice()::equals).isPresent())
          .findFirst();
    }

    @Override
    public List<Metric> metrics() {
      List<Metric> metrics = new ArrayList<>();
      taken()
          .ifPresent(
              one ->
                  one.use()
                      .ifPresent(
                          use -> {
                            for (Threshold each : use.thresholds()) {
                              metrics.add(of(one, each, "threshold.false_positives", each.rate()));
                              metrics.add(of(one, each, "threshold.recall", each.recall()));
                            }
                            use.reliability()
                                .ifPresent(reliable -> metrics.addAll(of(one, reliable)));
                          }));
      return metrics;
    }

    private Metric of(Refitted one, Threshold each, String name, Estimate estimate) {
      return Subject.at(one.choice(), "grouped", subject.metric(name, estimate))
          .where("asked", String.format(Locale.ROOT, "%.2f", each.asked()));
    }

    private static List<Metric> of(Refitted one, Reliability reliable) {
      return List.of(
          Subject.at(
              one.choice(),
              "grouped",
              Metric.of("calibration.error", reliable.error()).n(reliable.rows())),
          Subject.at(
              one.choice(),
              "grouped",
              Metric.of("calibration.error_if_true", reliable.errorIfTrue()).n(reliable.rows())),
          Subject.at(
              one.choice(),
              "grouped",
              Metric.of("calibration.brier", reliable.brier()).n(reliable.rows())));
    }
  }
}
