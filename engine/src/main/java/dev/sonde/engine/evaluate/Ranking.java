package dev.sonde.engine.evaluate;

import dev.sonde.api.evaluate.Targets;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Held-out rows in the order of their scores: all that an AUROC needs, prepared once for many
 * weightings of the rows.
 */
final class Ranking implements Measure.Agreement {
  private final int[] rows;
  private final boolean[] positive;
  private final boolean[] tiedWithNext;

  private Ranking(int[] rows, boolean[] positive, boolean[] tiedWithNext) {
    this.rows = rows;
    this.positive = positive;
    this.tiedWithNext = tiedWithNext;
  }

  /** Sorts some rows by score. */
  static Ranking of(int[] rows, double[] scores, Targets targets) {
    int[] sorted =
        Arrays.stream(rows)
            .boxed()
            .sorted(Comparator.comparingDouble(row -> scores[row]))
            .mapToInt(Integer::intValue)
            .toArray();
    boolean[] positive = new boolean[sorted.length];
    boolean[] tied = new boolean[sorted.length];
    for (int i = 0; i < sorted.length; i++) {
      positive[i] = targets.positive(sorted[i]);
      tied[i] = i + 1 < sorted.length && scores[sorted[i]] == scores[sorted[i + 1]];
    }
    return new Ranking(sorted, positive, tied);
  }

  /**
   * Pairs of a positive and a negative row.
   *
   * @param concordant in which the positive row scores higher, ties counted half
   * @param all all of them
   */
  record Pairs(double concordant, double all) {
    /** The AUROC; NaN where there is no pair. */
    double auroc() {
      return all == 0 ? Double.NaN : concordant / all;
    }
  }

  /** Counts pairs of some rows once, without keeping their order. */
  static Pairs count(int[] rows, double[] scores, Targets targets) {
    double[] positives = sorted(rows, scores, targets, true);
    double[] negatives = sorted(rows, scores, targets, false);
    double concordant = 0;
    int below = 0;
    int upTo = 0;
    for (double score : positives) {
      while (below < negatives.length && negatives[below] < score) {
        below++;
      }
      while (upTo < negatives.length && negatives[upTo] <= score) {
        upTo++;
      }
      concordant += (below + upTo) / 2.0;
    }
    return new Pairs(concordant, (double) positives.length * negatives.length);
  }

  private static double[] sorted(int[] rows, double[] scores, Targets targets, boolean positive) {
    double[] chosen = new double[rows.length];
    int count = 0;
    for (int row : rows) {
      if (targets.positive(row) == positive) {
        chosen[count++] = scores[row];
      }
    }
    Arrays.sort(chosen, 0, count);
    return Arrays.copyOf(chosen, count);
  }

  /** Counts pairs, each row once. */
  Pairs pairs() {
    return pairs(row -> 1);
  }

  @Override
  public Measure.Part part(Weight weight) {
    Pairs pairs = pairs(weight);
    return new Measure.Part(pairs.concordant(), pairs.all());
  }

  /** How often a row counts. */
  interface Weight {
    double of(int row);
  }

  /** Counts pairs, each as often as the product of its rows' weights. */
  Pairs pairs(Weight weight) {
    double concordant = 0;
    double negativesBelow = 0;
    double positives = 0;
    double tiedPositives = 0;
    double tiedNegatives = 0;
    for (int i = 0; i < rows.length; i++) {
      double w = weight.of(rows[i]);
      if (positive[i]) {
        tiedPositives += w;
      } else {
        tiedNegatives += w;
      }
      if (!tiedWithNext[i]) {
        concordant += tiedPositives * (negativesBelow + tiedNegatives / 2);
        negativesBelow += tiedNegatives;
        positives += tiedPositives;
        tiedPositives = 0;
        tiedNegatives = 0;
      }
    }
    return new Pairs(concordant, positives * negativesBelow);
  }
}
