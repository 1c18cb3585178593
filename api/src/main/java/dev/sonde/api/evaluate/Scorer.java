package dev.sonde.api.evaluate;

import dev.sonde.api.ApiStatus;
import java.util.Optional;

/** A fitted decoder. */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public interface Scorer {
  /** One score per row; higher means more likely positive. */
  double[] score(Design rows);

  /**
   * Its weights, one per feature, where its scores are {@code x · weights + bias} and nothing else:
   * the engine applies many of such scorers at once.
   */
  default Optional<double[]> linearWeights() {
    return Optional.empty();
  }

  /** What is added to every score of a scorer that has {@link #linearWeights}. */
  default double bias() {
    return 0;
  }

  /**
   * What a reader should know of the fit, in a sentence that goes on from the decoder's name: that
   * it did not converge. Reports say it with the number of fits of which it holds.
   */
  default Optional<String> remark() {
    return Optional.empty();
  }

  /**
   * The scorer as data, to be written to a file and applied without its decoder's code or by it: of
   * a linear scorer its weights and bias. Empty where the scorer cannot be saved; {@link
   * Decoder#restored} is the way back.
   */
  default Optional<ScorerForm> form() {
    return linearWeights().map(weights -> ScorerForm.linear(weights, bias()));
  }

  /** The same with a remark. */
  default Scorer remarked(String remark) {
    return new RemarkedScorer(this, remark);
  }

  /** A linear scorer {@code x · weights + bias}. */
  static Scorer linear(double[] weights, double bias) {
    return new LinearScorer(weights.clone(), bias);
  }
}
