package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Evaluation.Choice;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.report.Metric;
import dev.sonde.engine.evaluate.fit.Candidate;
import dev.sonde.engine.evaluate.fit.CrossValidation;
import dev.sonde.engine.evaluate.fit.FoldRows;
import dev.sonde.engine.evaluate.fit.Folds;
import dev.sonde.engine.evaluate.fit.HeldOutScores;
import dev.sonde.engine.evaluate.fit.Measure;
import dev.sonde.engine.evaluate.fit.Merit;
import dev.sonde.engine.evaluate.fit.Split;
import dev.sonde.statistics.Estimate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Decoders fitted to all rows of one data set and scored on another. From the main set every hook
 * point is carried over; between the others, and within each by cross-validation, only the
 * decoder's best hook point of the main set, so that nothing is chosen on what is reported.
 *
 * <p>Rows whose text or group both sets hold are not scored. The interval at the best hook point is
 * of both sides: the groups that are scored, and those that were fitted; elsewhere of the former.
 */
public final class Transfer implements Control {
  /** Parts of the groups of the set that is fitted, each left out once for the interval. */
  private static final int PARTS = 10;

  @Override
  public Measured measure(EvaluationRun run) {
    List<Found> found = new ArrayList<>();
    List<RivalFound> rivals = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    List<SetFeatures> sets = sets(run, notes);
    if (!run.input().others().isEmpty()) {
      for (SetFeatures to : sets) {
        run.progress().at("transfer to " + name(to), sets.indexOf(to), sets.size());
        Intervals intervals = run.intervals(to);
        for (SetFeatures from : sets) {
          int[] rows = new SharedRows(from, to, notes).others();
          if (!same(from, to) && !targets(to).select(rows).vary()) {
            notes.add(
                "No transfer from %s to %s: what the first does not hold as well is of one class."
                    .formatted(name(from), name(to)));
          } else {
            carry(run, new Pair(from, to, rows), intervals, found, rivals);
          }
        }
      }
    }
    return working ->
        new Result(
            run.merit(),
            ControlResult.Placed.among(found, working),
            List.copyOf(rivals),
            List.copyOf(notes));
  }

  /** The main set and those whose labels are of its kind. */
  private static List<SetFeatures> sets(EvaluationRun run, List<String> notes) {
    List<SetFeatures> sets = new ArrayList<>(List.of(run.input().main()));
    List<SetFeatures> joined = JoinedSets.of(run.input().others());
    for (SetFeatures other : run.input().others()) {
      if (targets(other).isBinary() != run.targets().isBinary()) {
        notes.add("No transfer to %s: its labels are of another kind.".formatted(name(other)));
      } else if (!JoinedSets.ofOneClass(other)) {
        sets.add(other);
      } else if (joined.isEmpty()) {
        notes.add(
            "No transfer to %s: all its rows are of one class, and no further set is of the other."
                .formatted(name(other)));
      }
    }
    sets.addAll(joined);
    return sets;
  }

  private static Targets targets(SetFeatures set) {
    return set.study().targets().orElseThrow();
  }

  static String name(SetFeatures set) {
    return set.study().name();
  }

  static boolean same(SetFeatures a, SetFeatures b) {
    return name(a).equals(name(b));
  }

  /** Two sets, perhaps the same, and the rows of the second that are scored. */
  private record Pair(SetFeatures from, SetFeatures to, int[] rows) {
    boolean within() {
      return same(from, to);
    }
  }

  private static void carry(
      EvaluationRun run,
      Pair pair,
      Intervals intervals,
      List<Found> found,
      List<RivalFound> rivalsFound) {
    Optional<Strongest> strongest = Optional.empty();
    if (!pair.within()) {
      TransferRivals rivals = new TransferRivals(run, pair.from(), pair.to(), pair.rows());
      List<TransferRivals.Carried> carried = rivals.all();
      carried.forEach(
          rival ->
              rivalsFound.add(
                  new RivalFound(
                      rival.words(),
                      name(pair.from()),
                      name(pair.to()),
                      intervals.merit(rival.measure()),
                      pair.rows().length)));
      strongest =
          carried.stream()
              .max(Comparator.comparingDouble(TransferRivals.Carried::rank))
              .map(rival -> Strongest.of(run, pair, rivals, rival));
    }
    boolean everywhere = same(pair.from(), run.input().main()) && !pair.within();
    for (String decoder : run.input().decoders().keySet()) {
      Optional<Strongest> rival = strongest;
      run.attempt(
              decoder,
              "transfer",
              () -> {
                Choice best = run.best(decoder).choice();
                return candidates(run, decoder).stream()
                    .filter(one -> everywhere || one.choice().equals(best))
                    .map(one -> found(run, pair, one, one.choice().equals(best), intervals, rival))
                    .toList();
              })
          .ifPresent(found::addAll);
    }
  }

  /**
   * The strongest of what needs no trained model, between two sets.
   *
   * @param parts what it reaches without each part of the groups that it is fitted to
   */
  private record Strongest(Rival.Words words, Measure measure, double[] parts) {
    static Strongest of(
        EvaluationRun run, Pair pair, TransferRivals rivals, TransferRivals.Carried carried) {
      return new Strongest(
          carried.words(),
          carried.measure(),
          withoutParts(run, pair, training -> rivals.measure(carried.features(), training)));
    }
  }

  private static List<Candidate> candidates(EvaluationRun run, String decoder) {
    return Candidate.of(run.input().main().sites(), run.input().decoders()).stream()
        .filter(one -> one.choice().decoder().equals(decoder))
        .toList();
  }

  private static Found found(
      EvaluationRun run,
      Pair pair,
      Candidate candidate,
      boolean best,
      Intervals intervals,
      Optional<Strongest> rival) {
    Measure measure =
        pair.within()
            ? crossValidated(run, pair.to(), candidate)
            : carried(run, pair, candidate, all(pair.from()));
    int rows = pair.within() ? pair.to().study().size() : pair.rows().length;
    double[] parts =
        best && !pair.within()
            ? withoutParts(run, pair, training -> carried(run, pair, candidate, training))
            : new double[0];
    return new Found(
        candidate.choice(),
        name(pair.from()),
        name(pair.to()),
        best,
        intervals.merit(measure, parts),
        rival
            .filter(strongest -> best)
            .map(
                strongest ->
                    new Over(
                        strongest.words(),
                        intervals.merit(strongest.measure(), strongest.parts()),
                        intervals.difference(
                            measure, parts, strongest.measure(), strongest.parts()))),
        rows);
  }

  private static int[] all(SetFeatures set) {
    return IntStream.range(0, set.study().size()).toArray();
  }

  /** The figure of what was fitted without a part of the groups, part by part. */
  private static double[] withoutParts(
      EvaluationRun run, Pair pair, Function<int[], Measure> fitted) {
    int[] parts =
        Folds.grouped(
            TextGroups.of(pair.from().study()).groups(),
            PARTS,
            run.seeds().random("parts of " + name(pair.from())));
    return Folds.splits(parts).stream()
        .filter(split -> targets(pair.from()).select(split.train()).vary())
        .mapToDouble(split -> fitted.apply(split.train()).value())
        .toArray();
  }

  private static Measure crossValidated(EvaluationRun run, SetFeatures set, Candidate candidate) {
    Matrix features = set.at(candidate.choice().point());
    List<Split> splits =
        Folds.splits(
            Folds.grouped(
                TextGroups.of(set.study()).groups(),
                run.settings().folds(),
                run.seeds().random("outer folds")));
    return new CrossValidation(splits, run.algebra())
        .heldOut(split -> features, candidate.decoder(), targets(set))
        .merit();
  }

  private static Measure carried(
      EvaluationRun run, Pair pair, Candidate candidate, int[] training) {
    HookPoint point = candidate.choice().point();
    Matrix features = pair.from().at(point);
    double[] scores = new double[pair.to().study().size()];
    if (!CrossValidation.isConstant(features)) {
      FoldRows train = new FoldRows(features, training, run.algebra());
      FoldRows test = new FoldRows(pair.to().at(point), pair.rows(), run.algebra());
      Targets labels = targets(pair.from()).select(training);
      double[] fitted =
          CrossValidation.apply(candidate.decoder().fitAll(train, List.of(labels)), test)[0];
      for (int i = 0; i < pair.rows().length; i++) {
        scores[pair.rows()[i]] = fitted[i];
      }
    }
    return new HeldOutScores(scores, List.of(new Split(training, pair.rows())), targets(pair.to()))
        .merit();
  }

  /**
   * What a decoder reaches on another set, or by cross-validation on the same.
   *
   * @param from the name of the set that it was fitted to
   * @param to the name of the set that was scored
   * @param best whether the hook point is the decoder's best on the main set
   * @param over the strongest of what needs no trained model, and how far above it this is; empty
   *     within a set, and elsewhere than at the best hook point
   * @param rows how many were scored
   */
  public record Found(
      Choice choice,
      String from,
      String to,
      boolean best,
      Estimate merit,
      Optional<Over> over,
      int rows)
      implements ControlResult.Placed {}

  /**
   * The strongest of what needs no trained model.
   *
   * @param margin how far the decoder is above it
   */
  public record Over(Rival.Words words, Estimate merit, Estimate margin) {}

  /** What needs no trained model, carried over. */
  public record RivalFound(Rival.Words words, String from, String to, Estimate merit, int rows) {}

  /** What every decoder reaches between the sets; none where there is one set only. */
  public record Result(Merit merit, List<Found> found, List<RivalFound> carried, List<String> notes)
      implements ControlResult {
    @Override
    public List<Metric> metrics() {
      String name = "transfer." + (merit == Merit.AUROC ? "auroc" : "spearman");
      List<Metric> metrics = new ArrayList<>();
      for (Found one : found) {
        metrics.add(placed(name, one.merit(), one).where("best", one.best()));
        one.over()
            .ifPresent(
                over ->
                    metrics.add(
                        placed("transfer.margin", over.margin(), one)
                            .where("over", over.words().name())));
      }
      for (RivalFound one : carried) {
        metrics.add(
            between(
                    Metric.of("transfer.baseline." + one.words().name(), one.merit().value()),
                    one.merit(),
                    one.rows())
                .where("from", one.from())
                .where("to", one.to()));
      }
      return metrics;
    }

    private static Metric placed(String name, Estimate estimate, Found one) {
      return between(Metric.of(name, estimate.value()), estimate, one.rows())
          .at(one.choice().point())
          .where("method", one.choice().decoder())
          .where("from", one.from())
          .where("to", one.to());
    }

    private static Metric between(Metric metric, Estimate estimate, int rows) {
      return metric.interval(estimate.low(), estimate.high()).n(rows);
    }
  }
}
