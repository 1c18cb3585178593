package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Evaluation.Choice;
import dev.sonde.engine.evaluate.fit.Candidate;
import dev.sonde.engine.evaluate.fit.CrossValidation;
import dev.sonde.engine.evaluate.fit.Folds;
import dev.sonde.engine.evaluate.fit.HeldOutScores;
import dev.sonde.engine.evaluate.fit.Measure;
import dev.sonde.engine.evaluate.fit.Scored;
import dev.sonde.engine.evaluate.fit.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The choice of hook point and decoder on inner folds of each outer training side, for every
 * partition of the rows: for each outer split what every candidate reaches there. Folds know
 * nothing of labels, the inner ones neither.
 */
final class InnerChoice {
  private final EvaluationRun run;
  private final List<Partition> partitions = new ArrayList<>();

  /** What the candidates reach on one partition, on the outer splits and inside each. */
  private record Partition(
      List<Split> splits, List<Scored> scored, List<Map<Choice, Double>> ranks) {}

  /**
   * Scores candidates on inner folds.
   *
   * @param all the candidates, in order; those whose decoder may not be chosen are left out
   * @param outer what they reach on the outer splits
   */
  InnerChoice(EvaluationRun run, List<Candidate> all, List<Scored> outer) {
    this(run, all, run.partitions(), Optional.of(outer));
  }

  /**
   * Scores candidates on inner folds of some partitions, as they adjust features.
   *
   * @param outer what they reach on the splits of the first, where that is known
   */
  InnerChoice(
      EvaluationRun run,
      List<Candidate> all,
      List<CrossValidation> over,
      Optional<List<Scored>> outer) {
    this.run = run;
    List<String> choosable = run.candidates().choosable(run.working());
    List<Candidate> candidates =
        all.stream().filter(one -> choosable.contains(one.choice().decoder())).toList();
    List<List<CrossValidation>> inner = new ArrayList<>();
    for (int p = 0; p < over.size(); p++) {
      inner.add(inner(over.get(p), p));
    }
    InnerOrder order = new InnerOrder(run, over, inner);
    List<Candidate> ofKnownForm = candidates.stream().filter(InnerOrder::takes).toList();
    order.make(ofKnownForm);
    List<Candidate> others = candidates.stream().filter(one -> !InnerOrder.takes(one)).toList();
    int done = 0;
    for (int p = 0; p < over.size(); p++) {
      CrossValidation partition = over.get(p);
      List<Scored> reached =
          p == 0 && outer.isPresent()
              ? outer.get().stream()
                  .filter(one -> choosable.contains(one.choice().decoder()))
                  .toList()
              : inOrder(
                  candidates,
                  order.scored(p, ofKnownForm),
                  run.everywhere("partition " + (p + 1), partition, others));
      List<Map<Choice, Double>> ranks = new ArrayList<>();
      for (int s = 0; s < partition.splits().size(); s++) {
        if (!others.isEmpty()) {
          run.progress()
              .at("nested selection", done++, (long) over.size() * partition.splits().size());
        }
        Map<Choice, Double> ranked = new HashMap<>(order.ranks(p, s));
        ranked.putAll(ranks(inner.get(p).get(s), others));
        ranks.add(ranked);
      }
      partitions.add(new Partition(partition.splits(), reached, ranks));
    }
  }

  private static List<Scored> inOrder(
      List<Candidate> candidates, List<Scored> some, List<Scored> others) {
    Map<Choice, Scored> each = new HashMap<>();
    some.forEach(one -> each.put(one.choice(), one));
    others.forEach(one -> each.put(one.choice(), one));
    return candidates.stream()
        .flatMap(one -> Optional.ofNullable(each.get(one.choice())).stream())
        .toList();
  }

  private Map<Choice, Double> ranks(CrossValidation inner, List<Candidate> candidates) {
    Map<Choice, Double> reached = new HashMap<>();
    for (Candidate candidate : candidates) {
      run.attempt(
              candidate.choice().decoder(),
              "nested selection",
              () -> inner.scored(candidate, run.targets()))
          .ifPresent(one -> reached.put(one.choice(), one.rank()));
    }
    inner.release();
    return reached;
  }

  private List<CrossValidation> inner(CrossValidation partition, int index) {
    List<CrossValidation> inner = new ArrayList<>();
    for (int s = 0; s < partition.splits().size(); s++) {
      String purpose = "inner folds " + (index == 0 ? "" : index + " ") + s;
      inner.add(inner(partition, partition.splits().get(s).train(), purpose));
    }
    return inner;
  }

  private CrossValidation inner(CrossValidation partition, int[] train, String purpose) {
    List<String> groups = Arrays.stream(train).mapToObj(run.groups()::get).toList();
    int[] folds = Folds.grouped(groups, run.settings().innerFolds(), run.seeds().random(purpose));
    return partition.over(Folds.within(train, Folds.splits(folds)));
  }

  /**
   * The scores of what is chosen among some decoders, on the test side of each outer split; one per
   * partition, none where nothing can be chosen.
   */
  List<HeldOutScores> among(Set<String> decoders) {
    return partitions.stream()
        .filter(one -> one.scored().stream().anyMatch(s -> in(decoders, s)))
        .map(one -> among(decoders, one))
        .toList();
  }

  private HeldOutScores among(Set<String> decoders, Partition partition) {
    double[] scores = new double[run.targets().size()];
    Arrays.fill(scores, Double.NaN);
    for (int s = 0; s < partition.splits().size(); s++) {
      Map<Choice, Double> reached = partition.ranks().get(s);
      Scored chosen =
          Scored.best(
              partition.scored().stream().filter(one -> in(decoders, one)),
              one -> reached.getOrDefault(one.choice(), -1.0));
      for (int row : partition.splits().get(s).test()) {
        scores[row] = chosen.heldOut().scores()[row];
      }
    }
    return new HeldOutScores(scores, partition.splits(), run.targets());
  }

  private static boolean in(Set<String> decoders, Scored one) {
    return decoders.contains(one.choice().decoder());
  }

  /** The figure of merit of what is chosen, the mean over partitions. */
  Measure merit(Set<String> decoders) {
    return Measure.pooled(
        among(decoders).stream().map(HeldOutScores::merit).toList(), run.targets().size());
  }
}
