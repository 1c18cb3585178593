package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Evaluation.Choice;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.engine.evaluate.fit.Candidate;
import dev.sonde.engine.evaluate.fit.CrossValidation;
import dev.sonde.engine.evaluate.fit.Folds;
import dev.sonde.engine.evaluate.fit.HeldOutScores;
import dev.sonde.engine.evaluate.fit.Scored;
import dev.sonde.engine.evaluate.fit.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The choice of hook point and decoder on inner folds of each outer training side: for each outer
 * split what every candidate reaches there.
 */
final class InnerChoice {
  private final Targets targets;
  private final List<Split> splits;
  private final List<Scored> scored;
  private final List<Map<Choice, Double>> ranks = new ArrayList<>();

  /**
   * Scores candidates on the inner folds.
   *
   * @param scored all candidates, in order, on the outer splits
   */
  InnerChoice(EvaluationRun run, List<Scored> scored) {
    this.targets = run.targets();
    this.splits = run.outer().splits();
    this.scored = scored;
    List<Candidate> candidates = scored.stream().map(Scored::candidate).toList();
    for (int s = 0; s < splits.size(); s++) {
      run.progress().at("nested selection", s, splits.size());
      CrossValidation inner = inner(run, splits.get(s).train(), "inner folds " + s);
      Map<Choice, Double> reached = new HashMap<>();
      for (Candidate candidate : candidates) {
        run.attempt(
                candidate.choice().decoder(),
                "nested selection",
                () -> inner.scored(candidate, targets))
            .ifPresent(one -> reached.put(one.choice(), one.rank()));
      }
      ranks.add(reached);
    }
  }

  private static CrossValidation inner(EvaluationRun run, int[] train, String purpose) {
    List<String> groups = Arrays.stream(train).mapToObj(run.groups()::get).toList();
    int[] folds =
        Folds.grouped(
            groups,
            run.targets().select(train),
            run.settings().innerFolds(),
            run.seeds().random(purpose));
    return new CrossValidation(Folds.within(train, Folds.splits(folds)), run.algebra());
  }

  /** The scores of what is chosen among some decoders, on the test side of each outer split. */
  HeldOutScores among(Set<String> decoders) {
    double[] scores = new double[targets.size()];
    Arrays.fill(scores, Double.NaN);
    for (int s = 0; s < splits.size(); s++) {
      Map<Choice, Double> reached = ranks.get(s);
      Scored chosen =
          Scored.best(
              scored.stream().filter(one -> decoders.contains(one.choice().decoder())),
              one -> reached.getOrDefault(one.choice(), -1.0));
      for (int row : splits.get(s).test()) {
        scores[row] = chosen.heldOut().scores()[row];
      }
    }
    return new HeldOutScores(scores, splits, targets);
  }
}
