package dev.sonde.probe.stepimportance.answer;

/** How likely the model itself is to write a subsequence (section 3 of the paper). */
public final class Attainability {
  private Attainability() {}

  /** {@code exp(−sum / tokens)}. */
  public static double perplexity(double sumOfLogProbabilities, int tokens) {
    return Math.exp(-sumOfLogProbabilities / tokens);
  }

  /**
   * {@code 1 − (PPL(T) − PPL(o)) / (PPL(σ a*) − PPL(o))}: 1 for the chain itself, 0 for the answer
   * given at once; not clipped. Where both are the same every subsequence has 1.
   *
   * @param perplexity of the subsequence
   * @param ofChain of the whole chain
   * @param ofDirectAnswer of the elicitation with the answer and no step
   */
  public static double of(double perplexity, double ofChain, double ofDirectAnswer) {
    return ofDirectAnswer == ofChain ? 1 : 1 - (perplexity - ofChain) / (ofDirectAnswer - ofChain);
  }
}
