package dev.sonde.engine.evaluate.fit;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.statistics.Auroc;
import dev.sonde.statistics.Correlation;
import dev.sonde.statistics.PrecisionRecall;
import java.util.Arrays;
import java.util.List;

/**
 * A figure of held-out scores that can be computed again with rows weighted: the mean of what holds
 * within each part of the rows, weighted by what the part contributes.
 *
 * @param size how many rows there are, in a part or not
 */
public record Measure(List<Part> parts, int size) {

  /** Some rows, and how scores and targets agree within them. */
  public record Part(int[] rows, Agreement agreement) {
    /** What they contribute with each row once. */
    Contribution once() {
      double[] own = new double[rows.length];
      Arrays.fill(own, 1);
      return agreement.of(own);
    }

    private Contribution weighted(double[] weights) {
      double[] own = new double[rows.length];
      Arrays.setAll(own, i -> weights[rows[i]]);
      return agreement.of(own);
    }
  }

  /** How scores and targets agree, with each row counted as often as its weight says. */
  public interface Agreement {
    /** The agreement of rows in the order of their part. */
    Contribution of(double[] weights);

    /** The AUROC, weighted by pairs. */
    static Agreement auroc(double[] scores, Targets targets) {
      Auroc auroc = Auroc.of(scores, positive(targets));
      return weights -> {
        Auroc.Pairs pairs = auroc.pairs(weights);
        return new Contribution(pairs.concordant(), pairs.all());
      };
    }

    /** The average precision, weighted by positive rows. */
    static Agreement averagePrecision(double[] scores, Targets targets) {
      PrecisionRecall rows = PrecisionRecall.of(scores, positive(targets));
      return weights -> Contribution.of(rows.averagePrecision(weights), rows.positives(weights));
    }

    /**
     * The share of positive rows found, weighted by positive rows.
     *
     * @param falsePositives the share of negative rows that may be found with them
     */
    static Agreement recall(double[] scores, Targets targets, double falsePositives) {
      PrecisionRecall rows = PrecisionRecall.of(scores, positive(targets));
      return weights ->
          Contribution.of(rows.recall(weights, falsePositives), rows.positives(weights));
    }

    private static boolean[] positive(Targets targets) {
      boolean[] positive = new boolean[targets.size()];
      for (int row = 0; row < positive.length; row++) {
        positive[row] = targets.positive(row);
      }
      return positive;
    }

    /** Spearman's correlation, weighted by rows. */
    static Agreement spearman(double[] scores, Targets targets) {
      return correlation(Correlation.ofRanks(scores, values(targets)));
    }

    /**
     * Spearman's partial correlation, weighted by rows: what ranks of scores and targets have in
     * common that both do not share with a third thing.
     */
    static Agreement spearmanGiven(double[] scores, Targets targets, double[] given) {
      Correlation direct = Correlation.ofRanks(scores, values(targets));
      Correlation ofScores = Correlation.ofRanks(scores, given);
      Correlation ofTargets = Correlation.ofRanks(values(targets), given);
      return weights -> {
        double scored = known(ofScores.of(weights));
        double labelled = known(ofTargets.of(weights));
        double rest = Math.sqrt((1 - scored * scored) * (1 - labelled * labelled));
        double partial =
            rest < 1e-6 ? 0 : (direct.ofPrediction(weights) - scored * labelled) / rest;
        return Contribution.of(partial, Arrays.stream(weights).sum());
      };
    }

    /** What does not vary has nothing in common with anything. */
    private static double known(double correlation) {
      return Double.isNaN(correlation) ? 0 : correlation;
    }

    /** Pearson's correlation, weighted by rows. */
    static Agreement pearson(double[] scores, Targets targets) {
      return correlation(Correlation.ofValues(scores, values(targets)));
    }

    private static double[] values(Targets targets) {
      double[] values = new double[targets.size()];
      Arrays.setAll(values, targets::value);
      return values;
    }

    /** Where targets do not vary there is nothing to tell, and the part does not count. */
    private static Agreement correlation(Correlation correlation) {
      return weights ->
          Contribution.of(correlation.ofPrediction(weights), Arrays.stream(weights).sum());
    }
  }

  /**
   * What some rows contribute.
   *
   * @param sum the figure times its weight
   * @param weight 0 where the rows say nothing
   */
  public record Contribution(double sum, double weight) {
    /** That of rows that say nothing. */
    public static final Contribution NONE = new Contribution(0, 0);

    /** A figure that counts for so much; nothing where it does not exist. */
    static Contribution of(double figure, double weight) {
      return Double.isNaN(figure) ? NONE : new Contribution(figure * weight, weight);
    }

    /** These and others. */
    public Contribution plus(Contribution other) {
      return new Contribution(sum + other.sum, weight + other.weight);
    }

    /** What takes these away from others. */
    Contribution negated() {
      return new Contribution(-sum, -weight);
    }

    /** The figure; NaN where nothing says anything. */
    public double value() {
      return weight == 0 ? Double.NaN : sum / weight;
    }
  }

  /** The mean over several partitions of so many rows, weighted as their parts are. */
  public static Measure pooled(List<Measure> partitions, int size) {
    return new Measure(partitions.stream().flatMap(one -> one.parts().stream()).toList(), size);
  }

  /** The figure with each row once. */
  public double value() {
    double[] once = new double[size];
    Arrays.fill(once, 1);
    return value(once);
  }

  /** The figure with each row as often as its weight says; NaN where it does not exist. */
  public double value(double[] weights) {
    return parts.stream()
        .map(part -> part.weighted(weights))
        .reduce(Contribution.NONE, Contribution::plus)
        .value();
  }
}
