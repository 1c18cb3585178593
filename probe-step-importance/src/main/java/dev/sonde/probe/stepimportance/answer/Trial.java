package dev.sonde.probe.stepimportance.answer;

import dev.sonde.probe.stepimportance.chain.Mask;

/** Something that is to be measured of one subsequence of one chain. */
public record Trial(ChainUnderTest chain, Mask mask, Measure measure) {
  /** What is measured. */
  public enum Measure {
    /** Answers sampled behind it. */
    ANSWERS,
    /** The perplexity of its steps. */
    PERPLEXITY,
    /** The perplexity of the answer behind no step, whatever the subsequence. */
    DIRECT_ANSWER
  }
}
