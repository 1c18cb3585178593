package dev.sonde.engine.score;

import java.util.List;

/**
 * What a probe says of one text.
 *
 * @param id of the row
 * @param probe its name
 * @param score higher for the positive class
 * @param probability of the positive class; NaN where the probe has none for this reading
 * @param threshold above which a text is flagged; NaN where there is none
 * @param tokens each token's score; none where one row of the text was scored
 */
record TextScore(
    String id,
    String probe,
    double score,
    double probability,
    double threshold,
    List<TokenScore> tokens) {
  /** A score with its list copied. */
  TextScore {
    tokens = List.copyOf(tokens);
  }

  /** Whether there is a threshold to tell it. */
  boolean isFlagged() {
    return score > threshold;
  }

  /**
   * One token.
   *
   * @param text the part of the text that it stands for; of a token of no text its name
   * @param from where that part begins in the text, in UTF-16 units
   * @param to after its end; equal to the beginning for tokens of no text
   * @param score its score
   * @param counts whether it is one of those that the text's score is made of
   */
  record TokenScore(String text, int from, int to, double score, boolean counts) {}
}
