package dev.sonde.engine.evaluate;

import dev.sonde.api.data.Example;
import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Evaluation;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.report.Metric;
import dev.sonde.engine.evaluate.Evaluator.Other;
import dev.sonde.engine.experiment.Experiment.EvaluationPart;
import dev.sonde.engine.experiment.Seeds;
import dev.sonde.engine.host.Progress;
import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Groups;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Decoders fitted to all rows of one data set and scored on another. From the main set every hook
 * point is carried over; between the others, and within each by cross-validation, only the
 * decoder's best hook point of the main set, so that nothing is chosen on what is reported.
 */
final class Transfer {
  private final Other main;
  private final List<Other> sets = new ArrayList<>();
  private final EvaluationPart settings;
  private final Seeds seeds;
  private final LinearAlgebra algebra;
  private final List<String> notes = new ArrayList<>();

  Transfer(
      Other main, List<Other> others, EvaluationPart settings, Seeds seeds, LinearAlgebra algebra) {
    this.main = main;
    this.settings = settings;
    this.seeds = seeds;
    this.algebra = algebra;
    sets.add(main);
    for (Other other : others) {
      if (targets(other).kind() == targets(main).kind()) {
        sets.add(other);
      } else {
        notes.add(
            "No transfer to %s: its labels are of another kind.".formatted(other.study().name()));
      }
    }
  }

  private static Targets targets(Other set) {
    return set.study().targets().orElseThrow();
  }

  private static boolean same(Other a, Other b) {
    return a.study().name().equals(b.study().name());
  }

  List<String> notes() {
    return notes;
  }

  /** The figures of every pair of sets, by {@code where.from} and {@code where.to}. */
  List<Metric> metrics(
      Map<String, Decoder> decoders, Map<String, Evaluation.Choice> bests, Progress progress) {
    List<Metric> metrics = new ArrayList<>();
    for (Other to : sets) {
      progress.at("transfer to " + to.study().name(), sets.indexOf(to), sets.size());
      ClusterBootstrap bootstrap =
          new ClusterBootstrap(
              Groups.of(to.study().groups()), settings.bootstrap(), seeds.random("bootstrap"));
      for (Other from : sets) {
        int[] rows = rowsNotIn(from, to);
        if (!same(from, to) && !targets(to).select(rows).vary()) {
          notes.add(
              "No transfer from %s to %s: what the first does not hold as well is of one class."
                  .formatted(from.study().name(), to.study().name()));
          continue;
        }
        decoders.forEach(
            (name, decoder) -> {
              for (HookPoint point : main.sites().keySet()) {
                boolean best = bests.containsValue(new Evaluation.Choice(name, point));
                if (best || (same(from, main) && !same(to, main))) {
                  Measure measure = measure(from, to, rows, decoder, point);
                  Estimate estimate = bootstrap.estimate(measure::value);
                  metrics.add(
                      Metric.of("transfer." + figure(), estimate.value())
                          .interval(estimate.low(), estimate.high())
                          .n(same(from, to) ? to.study().size() : rows.length)
                          .at(point)
                          .where("method", name)
                          .where("from", from.study().name())
                          .where("to", to.study().name())
                          .where("best", best));
                }
              }
            });
      }
    }
    return metrics;
  }

  private String figure() {
    return targets(main).kind() == Targets.Kind.BINARY ? "auroc" : "spearman";
  }

  /** The rows of a set whose text the other does not hold. */
  private int[] rowsNotIn(Other from, Other to) {
    Set<String> texts =
        from.study().examples().stream().map(Example::text).collect(Collectors.toSet());
    List<Example> examples = to.study().examples();
    int[] rows =
        IntStream.range(0, examples.size())
            .filter(row -> !texts.contains(examples.get(row).text()))
            .toArray();
    if (!same(from, to) && rows.length < examples.size()) {
      notes.add(
          "%d rows of %s stand in %s as well and are left out of the transfer between them."
              .formatted(examples.size() - rows.length, to.study().name(), from.study().name()));
    }
    return rows;
  }

  private Measure measure(Other from, Other to, int[] rows, Decoder decoder, HookPoint point) {
    if (same(from, to)) {
      List<Split> splits =
          Folds.splits(
              Folds.grouped(
                  to.study().groups(), targets(to), settings.folds(), seeds.random("outer folds")));
      return new CrossValidation(splits, algebra)
          .heldOut(split -> matrix(to, point), decoder, targets(to))
          .merit();
    }
    int[] all = IntStream.range(0, from.study().size()).toArray();
    Matrix features = matrix(from, point);
    double[] scores = new double[to.study().size()];
    if (!CrossValidation.isConstant(features)) {
      FoldDesign train = new FoldDesign(features, all, algebra);
      FoldDesign test = new FoldDesign(matrix(to, point), rows, algebra);
      double[] fitted =
          CrossValidation.apply(decoder.fitAll(train, List.of(targets(from))), test)[0];
      for (int i = 0; i < rows.length; i++) {
        scores[rows[i]] = fitted[i];
      }
    }
    return new HeldOut(scores, List.of(new Split(all, rows)), targets(to)).merit();
  }

  private static Matrix matrix(Other set, HookPoint point) {
    Matrix matrix = set.sites().get(point);
    if (matrix == null) {
      throw new IllegalArgumentException(point + " was not captured on " + set.study().name());
    }
    return matrix;
  }
}
