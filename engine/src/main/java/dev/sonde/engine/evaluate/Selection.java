package dev.sonde.engine.evaluate;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Evaluation;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.engine.experiment.Seeds;
import dev.sonde.engine.host.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Everything that is tried on some features: each decoder at each hook point, in the order of hook
 * points; and the choice of one of them.
 */
final class Selection {
  private final List<Candidate> candidates = new ArrayList<>();
  private final Targets targets;
  private final List<String> groups;
  private final Seeds seeds;
  private final LinearAlgebra algebra;

  Selection(
      Map<HookPoint, Matrix> sites,
      Map<String, Decoder> decoders,
      Targets targets,
      List<String> groups,
      Seeds seeds,
      LinearAlgebra algebra) {
    this.targets = targets;
    this.groups = groups;
    this.seeds = seeds;
    this.algebra = algebra;
    sites.forEach(
        (point, features) ->
            decoders.forEach(
                (name, decoder) ->
                    candidates.add(
                        new Candidate(new Evaluation.Choice(name, point), decoder, features))));
  }

  /** A decoder on the features of a hook point. */
  record Candidate(Evaluation.Choice choice, Decoder decoder, Matrix features) {
    Matrix features(Split split) {
      return features;
    }
  }

  /** A candidate with its held-out scores. */
  record Scored(Candidate candidate, HeldOut heldOut, double merit) {
    /** What it is selected by: a figure that does not exist is the worst. */
    double rank() {
      return Double.isNaN(merit) ? -1 : merit;
    }
  }

  List<Candidate> candidates() {
    return candidates;
  }

  /** The held-out scores of a candidate. */
  Scored scored(CrossValidation validation, Candidate candidate) {
    HeldOut heldOut = validation.heldOut(candidate::features, candidate.decoder(), targets);
    return new Scored(candidate, heldOut, heldOut.merit().value());
  }

  /** The best of some, the first where several are. */
  static Scored best(Stream<Scored> scored) {
    return scored
        .reduce((a, b) -> Comparator.comparingDouble(Scored::rank).compare(b, a) > 0 ? b : a)
        .orElseThrow();
  }

  /**
   * The scores of what is chosen on inner folds of each training side, on its test side.
   *
   * @param scored all candidates, in order, on the outer splits
   */
  HeldOut nested(List<Scored> scored, List<Split> splits, int innerFolds, Progress at) {
    double[] scores = new double[targets.size()];
    Arrays.fill(scores, Double.NaN);
    for (int s = 0; s < splits.size(); s++) {
      at.at("nested selection", s, splits.size());
      Split split = splits.get(s);
      int chosen = bestWithin(split.train(), innerFolds, "inner folds " + s);
      for (int row : split.test()) {
        scores[row] = scored.get(chosen).heldOut().scores()[row];
      }
    }
    return new HeldOut(scores, splits, targets);
  }

  /** The index of the candidate that does best on inner folds of some rows. */
  private int bestWithin(int[] train, int innerFolds, String purpose) {
    List<String> groupsWithin = Arrays.stream(train).mapToObj(groups::get).toList();
    int[] folds =
        Folds.grouped(groupsWithin, targets.select(train), innerFolds, seeds.random(purpose));
    CrossValidation inner = new CrossValidation(Folds.within(train, Folds.splits(folds)), algebra);
    List<Scored> within = candidates.stream().map(c -> scored(inner, c)).toList();
    return within.indexOf(best(within.stream()));
  }
}
