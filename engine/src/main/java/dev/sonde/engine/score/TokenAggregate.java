package dev.sonde.engine.score;

import dev.sonde.api.InvalidInputException;
import java.util.Arrays;
import java.util.Locale;

/** How the scores of a text's tokens become one score. */
public enum TokenAggregate {
  /** That of the last token. */
  LAST {
    @Override
    double of(double[] scores) {
      return scores[scores.length - 1];
    }
  },
  /** Their mean. */
  MEAN {
    @Override
    double of(double[] scores) {
      return Arrays.stream(scores).sum() / scores.length;
    }
  },
  /** The largest. */
  MAX {
    @Override
    double of(double[] scores) {
      return Arrays.stream(scores).max().orElse(Double.NaN);
    }
  },
  /**
   * The largest value of their exponential moving average, to which each token adds a tenth: one
   * token alone cannot raise it far.
   */
  EMA {
    @Override
    double of(double[] scores) {
      double average = scores[0];
      double largest = average;
      for (double score : scores) {
        average += NEW * (score - average);
        largest = Math.max(largest, average);
      }
      return largest;
    }
  },
  /** Their 95th percentile: the score that 5 in 100 tokens reach. */
  P95 {
    @Override
    double of(double[] scores) {
      double[] ascending = scores.clone();
      Arrays.sort(ascending);
      return ascending[(int) Math.ceil(QUANTILE * ascending.length) - 1];
    }
  };

  private static final double NEW = 0.1;
  private static final double QUANTILE = 0.95;

  /**
   * The score of a text.
   *
   * @param scores of its tokens, at least one
   */
  abstract double of(double[] scores);

  /** Its name in lower case. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * By its name.
   *
   * @throws InvalidInputException if there is none of that name
   */
  public static TokenAggregate parse(String text) {
    for (TokenAggregate one : values()) {
      if (one.word().equals(text)) {
        return one;
      }
    }
    throw new InvalidInputException(
        "unknown aggregate '%s'; there are last, mean, max, ema and p95".formatted(text));
  }
}
