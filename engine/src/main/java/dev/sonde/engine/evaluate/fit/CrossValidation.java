package dev.sonde.engine.evaluate.fit;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.LinearForm;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Fits on the training side of each split and scores the other side. The rows of a split are kept
 * with what was derived of them until other features come, so that all decoders and labelings of
 * one hook point share them.
 */
public final class CrossValidation {
  private final List<Split> splits;
  private final LinearAlgebra algebra;
  private final Adjustment adjustment;
  private final IdentityHashMap<Split, Sides> latest = new IdentityHashMap<>();
  private final Map<Decoder, Remarks> remarks = new LinkedHashMap<>();
  private Optional<Summed> summed = Optional.empty();

  /**
   * What fits of a decoder had to say of themselves.
   *
   * @param fits how many there were
   * @param each how many of them said the same
   */
  public record Remarks(int fits, Map<String, Integer> each) {
    private Remarks and(List<Scorer> scorers) {
      Map<String, Integer> all = new LinkedHashMap<>(each);
      for (Scorer scorer : scorers) {
        scorer.remark().ifPresent(remark -> all.merge(remark, 1, Integer::sum));
      }
      return new Remarks(fits + scorers.size(), all);
    }
  }

  /** What the folds of some features add up to, where training sides are the other folds. */
  private record Summed(Matrix features, Optional<FoldSums> sums) {}

  /** Both sides of a split of some features. */
  private record Sides(Matrix features, boolean constant, FoldRows train, FoldRows test) {}

  /** What is done to features before decoders see them, learnt on the training rows of a split. */
  public interface Adjustment {
    /** Features as they are. */
    Adjustment NONE = (features, split) -> features;

    /** All rows, adjusted. */
    Matrix of(Matrix features, Split split);
  }

  /** Over some splits of the rows. */
  public CrossValidation(List<Split> splits, LinearAlgebra algebra) {
    this(splits, algebra, Adjustment.NONE);
  }

  /** Over some splits of the rows, with features adjusted on each. */
  public CrossValidation(List<Split> splits, LinearAlgebra algebra, Adjustment adjustment) {
    this.splits = splits;
    this.algebra = algebra;
    this.adjustment = adjustment;
  }

  /** The same over other splits. */
  public CrossValidation over(List<Split> others) {
    return new CrossValidation(others, algebra, adjustment);
  }

  /** The same splits with features adjusted on each. */
  public CrossValidation adjusted(Adjustment by) {
    return new CrossValidation(splits, algebra, by);
  }

  /** The splits. */
  public List<Split> splits() {
    return splits;
  }

  /** Lets go of the rows that are kept; they are gathered again when they are asked for. */
  public void release() {
    latest.clear();
    summed = Optional.empty();
  }

  /**
   * The order of held-out rows by decoders of known form, see {@link HeldOutOrder}.
   *
   * @param shared at these features, for those that are not adjusted
   */
  public Map<String, double[][]> ordered(
      HeldOutOrder shared, Matrix features, Map<String, LinearForm> forms, LabelColumns labels) {
    if (adjustment == Adjustment.NONE || isConstant(features)) {
      return shared.scores(splits, forms, labels);
    }
    Map<String, double[][]> all = new LinkedHashMap<>();
    for (Split split : splits) {
      HeldOutOrder.ofOneSplit(adjustment.of(features, split), algebra)
          .scores(List.of(split), forms, labels)
          .forEach((name, scores) -> take(split.test(), scores, all, name));
    }
    return all;
  }

  private static void take(
      int[] rows, double[][] scores, Map<String, double[][]> all, String name) {
    double[][] into = all.computeIfAbsent(name, first -> scores);
    for (int l = 0; l < scores.length; l++) {
      for (int row : rows) {
        into[l][row] = scores[l][row];
      }
    }
  }

  /** What all fits of a decoder so far had to say of themselves. */
  public Remarks remarks(Decoder decoder) {
    return remarks.getOrDefault(decoder, new Remarks(0, Map.of()));
  }

  /** How many fits one labeling takes. */
  public int fits() {
    return splits.size();
  }

  /** The held-out scores of a candidate. */
  public Scored scored(Candidate candidate, Targets targets) {
    return Scored.of(
        candidate, heldOut(split -> candidate.features(), candidate.decoder(), targets));
  }

  /** The held-out scores of one labeling. */
  public HeldOutScores heldOut(Function<Split, Matrix> features, Decoder decoder, Targets targets) {
    return new HeldOutScores(scores(features, decoder, targets), splits, targets);
  }

  /** The held-out scores of one labeling, per row. */
  public double[] scores(Function<Split, Matrix> features, Decoder decoder, Targets targets) {
    return scores(features, decoder, new Labelings(List.of(targets)))[0];
  }

  /**
   * The held-out scores of many labelings of the same rows, {@code [labelings][rows]}.
   *
   * @param features the rows, possibly made for each split (residualised)
   */
  public double[][] scores(Function<Split, Matrix> features, Decoder decoder, Labelings labelings) {
    double[][] scores = new double[labelings.all().size()][labelings.all().getFirst().size()];
    for (double[] row : scores) {
      Arrays.fill(row, Double.NaN);
    }
    for (Split split : splits) {
      score(features.apply(split), split, decoder, labelings.on(split), scores);
    }
    return scores;
  }

  /**
   * The held-out scores of other rows of the same examples, per row.
   *
   * @param fitted rows that training sides are taken of
   * @param scored rows that the other sides are taken of, of the same shape
   */
  public double[] carried(Matrix fitted, Matrix scored, Decoder decoder, Targets targets) {
    double[] scores = new double[targets.size()];
    Arrays.fill(scores, Double.NaN);
    for (Split split : splits) {
      double[] held = new double[split.test().length];
      Targets train = targets.select(split.train());
      if (train.vary() && !isConstant(fitted)) {
        FoldRows rows = new FoldRows(fitted, split.train(), algebra);
        Scorer scorer = decoder.fitAll(rows, List.of(train)).getFirst();
        held = apply(List.of(scorer), new FoldRows(scored, split.test(), algebra))[0];
      }
      for (int i = 0; i < held.length; i++) {
        scores[split.test()[i]] = held[i];
      }
    }
    return scores;
  }

  private void score(
      Matrix features,
      Split split,
      Decoder decoder,
      Labelings.Fitted labelings,
      double[][] scores) {
    for (double[] ofLabeling : scores) {
      for (int row : split.test()) {
        ofLabeling[row] = 0; // what a decoder knows that saw one class or constant features
      }
    }
    Sides sides = sides(features, split);
    if (labelings.labels().isEmpty() || sides.constant()) {
      return;
    }
    List<Scorer> scorers = decoder.fitAll(sides.train(), labelings.labels());
    if (scorers.size() != labelings.labels().size()) {
      throw new IllegalStateException(
          "%s gave %d scorers for %d labelings"
              .formatted(decoder.getClass().getName(), scorers.size(), labelings.labels().size()));
    }
    remarks.put(decoder, remarks(decoder).and(scorers));
    double[][] fold = apply(scorers, sides.test());
    for (int s = 0; s < fold.length; s++) {
      for (int i = 0; i < split.test().length; i++) {
        scores[labelings.places().get(s)][split.test()[i]] = fold[s][i];
      }
    }
  }

  private Sides sides(Matrix features, Split split) {
    Sides kept = latest.get(split);
    if (kept != null && kept.features() == features) {
      return kept;
    }
    boolean constant = isConstant(features);
    boolean asTheyAre = constant || adjustment == Adjustment.NONE;
    if (asTheyAre && summed.filter(known -> known.features() == features).isEmpty()) {
      summed = Optional.of(new Summed(features, FoldSums.of(features, splits, algebra)));
    }
    Matrix adjusted = asTheyAre ? features : adjustment.of(features, split);
    Optional<FoldSums> sums = asTheyAre ? summed.flatMap(Summed::sums) : Optional.empty();
    Sides sides =
        new Sides(
            features,
            constant,
            FoldRows.trainingRows(adjusted, split, algebra, sums),
            new FoldRows(adjusted, split.test(), algebra));
    latest.put(split, sides);
    return sides;
  }

  /** All rows the same, to the bit: as the last token's embedding is where prompts end alike. */
  public static boolean isConstant(Matrix features) {
    for (int row = 1; row < features.rows(); row++) {
      if (features.rows(row, row + 1).segment().mismatch(features.rows(0, 1).segment()) >= 0) {
        return false;
      }
    }
    return true;
  }

  /** The scores of all scorers, {@code [scorers][test rows]}; linear ones in one product. */
  public static double[][] apply(List<Scorer> scorers, FoldRows test) {
    List<Optional<double[]>> linear = scorers.stream().map(Scorer::linearWeights).toList();
    if (linear.stream().anyMatch(Optional::isEmpty)) {
      return scorers.stream().map(scorer -> scorer.score(test)).toArray(double[][]::new);
    }
    Matrix weights = Matrix.zeros(Matrix.Type.FLOAT32, test.columns(), scorers.size());
    for (int s = 0; s < scorers.size(); s++) {
      double[] column = linear.get(s).orElseThrow();
      for (int c = 0; c < column.length; c++) {
        weights.set(c, s, column[c]);
      }
    }
    Matrix product = test.times(weights);
    double[][] scores = new double[scorers.size()][test.rows()];
    double[] biases = new double[scores.length];
    Arrays.setAll(biases, s -> scorers.get(s).bias());
    for (int row = 0; row < test.rows(); row++) {
      double[] ofRow = product.row(row);
      for (int s = 0; s < ofRow.length; s++) {
        scores[s][row] = ofRow[s] + biases[s];
      }
    }
    return scores;
  }
}
