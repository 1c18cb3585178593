package dev.sonde.engine.evaluate.control;

import dev.sonde.api.data.Example;
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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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
    List<String> notes = new ArrayList<>();
    List<SetFeatures> sets = sets(run, notes);
    if (!run.input().others().isEmpty()) {
      for (SetFeatures to : sets) {
        run.progress().at("transfer to " + name(to), sets.indexOf(to), sets.size());
        Intervals intervals = run.intervals(to);
        for (SetFeatures from : sets) {
          int[] rows = rowsNotIn(from, to, notes);
          if (!same(from, to) && !targets(to).select(rows).vary()) {
            notes.add(
                "No transfer from %s to %s: what the first does not hold as well is of one class."
                    .formatted(name(from), name(to)));
          } else {
            found.addAll(found(run, new Pair(from, to, rows), intervals));
          }
        }
      }
    }
    return working ->
        new Result(run.merit(), ControlResult.Placed.among(found, working), List.copyOf(notes));
  }

  /** The main set and those whose labels are of its kind. */
  private static List<SetFeatures> sets(EvaluationRun run, List<String> notes) {
    List<SetFeatures> sets = new ArrayList<>(List.of(run.input().main()));
    for (SetFeatures other : run.input().others()) {
      if (targets(other).isBinary() == run.targets().isBinary()) {
        sets.add(other);
      } else {
        notes.add("No transfer to %s: its labels are of another kind.".formatted(name(other)));
      }
    }
    return sets;
  }

  private static Targets targets(SetFeatures set) {
    return set.study().targets().orElseThrow();
  }

  private static String name(SetFeatures set) {
    return set.study().name();
  }

  private static boolean same(SetFeatures a, SetFeatures b) {
    return name(a).equals(name(b));
  }

  /**
   * The rows of a set of which the other holds neither the text nor the group. Groups are compared
   * where both sets have some: without them every row is a group by its id, which says nothing.
   */
  private static int[] rowsNotIn(SetFeatures from, SetFeatures to, List<String> notes) {
    Set<String> texts =
        from.study().examples().stream()
            .map(example -> TextGroups.key(example.text()))
            .filter(text -> !text.isEmpty())
            .collect(Collectors.toSet());
    boolean grouped = TextGroups.given(from.study()) && TextGroups.given(to.study());
    Set<String> groups = grouped ? Set.copyOf(from.study().groups()) : Set.of();
    List<Example> examples = to.study().examples();
    int[] others =
        IntStream.range(0, examples.size())
            .filter(row -> !texts.contains(TextGroups.key(examples.get(row).text())))
            .toArray();
    int[] rows =
        Arrays.stream(others)
            .filter(row -> !groups.contains(to.study().groups().get(row)))
            .toArray();
    if (!same(from, to)) {
      leftOut(examples.size() - others.length, "stand in", from, to).ifPresent(notes::add);
      leftOut(others.length - rows.length, "have a group of", from, to).ifPresent(notes::add);
    }
    return rows;
  }

  private static Optional<String> leftOut(
      int count, String what, SetFeatures from, SetFeatures to) {
    return count == 0
        ? Optional.empty()
        : Optional.of(
            "%d rows of %s %s %s as well and are left out of the transfer between them."
                .formatted(count, name(to), what, name(from)));
  }

  /** Two sets, perhaps the same, and the rows of the second that are scored. */
  private record Pair(SetFeatures from, SetFeatures to, int[] rows) {
    boolean within() {
      return same(from, to);
    }
  }

  private static List<Found> found(EvaluationRun run, Pair pair, Intervals intervals) {
    SetFeatures main = run.input().main();
    boolean everywhere = same(pair.from(), main) && !pair.within();
    List<Found> found = new ArrayList<>();
    for (String decoder : run.input().decoders().keySet()) {
      run.attempt(
              decoder,
              "transfer",
              () -> {
                Choice best = run.best(decoder).choice();
                return candidates(run, decoder).stream()
                    .filter(one -> everywhere || one.choice().equals(best))
                    .map(one -> found(run, pair, one, one.choice().equals(best), intervals))
                    .toList();
              })
          .ifPresent(found::addAll);
    }
    return found;
  }

  private static List<Candidate> candidates(EvaluationRun run, String decoder) {
    return Candidate.of(run.input().main().sites(), run.input().decoders()).stream()
        .filter(one -> one.choice().decoder().equals(decoder))
        .toList();
  }

  private static Found found(
      EvaluationRun run, Pair pair, Candidate candidate, boolean best, Intervals intervals) {
    Measure measure =
        pair.within()
            ? crossValidated(run, pair.to(), candidate)
            : carried(run, pair, candidate, all(pair.from()));
    int rows = pair.within() ? pair.to().study().size() : pair.rows().length;
    boolean bothSides = best && !pair.within();
    return new Found(
        candidate.choice(),
        name(pair.from()),
        name(pair.to()),
        best,
        bothSides
            ? intervals.merit(measure, withoutParts(run, pair, candidate))
            : intervals.merit(measure),
        rows);
  }

  private static int[] all(SetFeatures set) {
    return IntStream.range(0, set.study().size()).toArray();
  }

  /** The figure of decoders that were fitted without a part of the groups, part by part. */
  private static double[] withoutParts(EvaluationRun run, Pair pair, Candidate candidate) {
    int[] parts =
        Folds.grouped(
            TextGroups.of(pair.from().study()).groups(),
            PARTS,
            run.seeds().random("parts of " + name(pair.from())));
    return Folds.splits(parts).stream()
        .filter(split -> targets(pair.from()).select(split.train()).vary())
        .mapToDouble(split -> carried(run, pair, candidate, split.train()).value())
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
   * @param rows how many were scored
   */
  public record Found(Choice choice, String from, String to, boolean best, Estimate merit, int rows)
      implements ControlResult.Placed {}

  /** What every decoder reaches between the sets; none where there is one set only. */
  public record Result(Merit merit, List<Found> found, List<String> notes)
      implements ControlResult {
    @Override
    public List<Metric> metrics() {
      String name = "transfer." + (merit == Merit.AUROC ? "auroc" : "spearman");
      return found.stream()
          .map(
              one ->
                  Metric.of(name, one.merit().value())
                      .interval(one.merit().low(), one.merit().high())
                      .n(one.rows())
                      .at(one.choice().point())
                      .where("method", one.choice().decoder())
                      .where("from", one.from())
                      .where("to", one.to())
                      .where("best", one.best()))
          .toList();
    }
  }
}
