package dev.sonde.probe.stepimportance.answer;

import dev.sonde.api.config.Config;
import dev.sonde.api.model.Sampling;
import dev.sonde.api.model.Sequence;

/**
 * How continuations are drawn.
 *
 * @param samples K, how many per sequence
 * @param way temperature and what else
 */
public record AnswerSampling(int samples, Sampling way) {
  /** The sampling of an experiment. */
  public static AnswerSampling of(Config config) {
    return new AnswerSampling(
        config.integer("samples"),
        Sampling.temperature(config.real("temperature")).topP(config.real("top_p")));
  }

  /**
   * A sequence to be continued.
   *
   * @param most the most new tokens
   */
  public Sequence sequence(int[] tokens, long seed, int most) {
    return Sequence.of(tokens).samples(samples, seed).maxNewTokens(most);
  }
}
