package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Evaluation.Choice;
import dev.sonde.api.evaluate.LinearForm;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.engine.evaluate.fit.AtOnce;
import dev.sonde.engine.evaluate.fit.Candidate;
import dev.sonde.engine.evaluate.fit.CrossValidation;
import dev.sonde.engine.evaluate.fit.HeldOutOrder;
import dev.sonde.engine.evaluate.fit.HeldOutScores;
import dev.sonde.engine.evaluate.fit.LabelColumns;
import dev.sonde.engine.evaluate.fit.Scored;
import dev.sonde.engine.evaluate.fit.Split;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What candidates of known form reach on inner folds and on further partitions, hook point by hook
 * point: the inner products of its rows serve all of them.
 */
final class InnerOrder {
  private final EvaluationRun run;
  private final List<CrossValidation> partitions;
  private final List<List<CrossValidation>> inner;
  private final LabelColumns labels;
  private final Map<Choice, Reached> reached = new HashMap<>();

  /**
   * What a candidate reaches.
   *
   * @param outer its scores on each partition
   * @param ranks per partition and split its figure on the inner folds
   */
  private record Reached(List<HeldOutScores> outer, double[][] ranks) {}

  /**
   * Nothing yet.
   *
   * @param inner per partition and split the inner folds
   */
  InnerOrder(
      EvaluationRun run, List<CrossValidation> partitions, List<List<CrossValidation>> inner) {
    this.run = run;
    this.partitions = partitions;
    this.inner = inner;
    this.labels = LabelColumns.of(List.of(run.targets()));
  }

  /** Whether a candidate is one of these. */
  static boolean takes(Candidate candidate) {
    return HeldOutOrder.suits(candidate.features()) && candidate.decoder().linearForm().isPresent();
  }

  /** Scores candidates, several hook points at once. */
  void make(List<Candidate> candidates) {
    IdentityHashMap<Matrix, List<Candidate>> sites = new IdentityHashMap<>();
    List<List<Candidate>> ordered = new ArrayList<>();
    for (Candidate candidate : candidates) {
      sites
          .computeIfAbsent(
              candidate.features(),
              features -> {
                List<Candidate> own = new ArrayList<>();
                ordered.add(own);
                return own;
              })
          .add(candidate);
    }
    AtOnce.each(
            ordered,
            this::reached,
            done -> run.progress().at("nested selection", done, ordered.size()))
        .forEach(reached::putAll);
  }

  private Map<Choice, Reached> reached(List<Candidate> site) {
    Matrix features = site.getFirst().features();
    HeldOutOrder order = new HeldOutOrder(features, run.algebra());
    Map<String, LinearForm> forms = new LinkedHashMap<>();
    Map<Choice, Reached> found = new LinkedHashMap<>();
    for (Candidate candidate : site) {
      candidate
          .decoder()
          .linearForm()
          .ifPresent(form -> forms.put(candidate.choice().decoder(), form));
      found.put(candidate.choice(), new Reached(new ArrayList<>(), new double[inner.size()][]));
    }
    for (int p = 0; p < inner.size(); p++) {
      CrossValidation partition = partitions.get(p);
      Map<String, double[][]> outer = partition.ordered(order, features, forms, labels);
      found.forEach(
          (choice, reached) -> reached.outer().add(scores(outer, choice, partition.splits())));
      for (Reached each : found.values()) {
        each.ranks()[p] = new double[partition.splits().size()];
      }
      for (int s = 0; s < partition.splits().size(); s++) {
        CrossValidation within = inner.get(p).get(s);
        Map<String, double[][]> held = within.ordered(order, features, forms, labels);
        for (Map.Entry<Choice, Reached> one : found.entrySet()) {
          one.getValue().ranks()[p][s] =
              Scored.rank(scores(held, one.getKey(), within.splits()).merit().value());
        }
      }
    }
    return found;
  }

  private HeldOutScores scores(Map<String, double[][]> some, Choice choice, List<Split> splits) {
    double[][] own = some.getOrDefault(choice.decoder(), new double[1][0]);
    return new HeldOutScores(own[0], splits, run.targets());
  }

  /** What candidates reach on a partition. */
  List<Scored> scored(int partition, List<Candidate> candidates) {
    return candidates.stream()
        .flatMap(
            one ->
                Optional.ofNullable(reached.get(one.choice()))
                    .map(found -> Scored.of(one, found.outer().get(partition)))
                    .stream())
        .toList();
  }

  /** What all of them reach inside a split of a partition. */
  Map<Choice, Double> ranks(int partition, int split) {
    Map<Choice, Double> ranks = new HashMap<>();
    reached.forEach((choice, found) -> ranks.put(choice, found.ranks()[partition][split]));
    return ranks;
  }
}
