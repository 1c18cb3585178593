package dev.sonde.probe.stepimportance.answer;

import dev.sonde.answers.Answer;
import dev.sonde.probe.stepimportance.chain.Chain;
import dev.sonde.probe.stepimportance.chain.Mask;

/** A chain, the answer that counts, and what has been measured of its subsequences. */
public final class ChainUnderTest {
  private final Chain chain;
  private final Answer accepted;
  private final Endings endings;
  private final long seed;
  private final TestedMasks tested = new TestedMasks();

  /**
   * A chain of which nothing is known yet.
   *
   * @param accepted the answer that counts as right
   * @param seed decides what is sampled, the same for every subsequence
   */
  public ChainUnderTest(Chain chain, Answer accepted, Endings endings, long seed) {
    this.chain = chain;
    this.accepted = accepted;
    this.endings = endings;
    this.seed = seed;
  }

  /** The chain. */
  public Chain chain() {
    return chain;
  }

  /** The answer that counts as right. */
  public Answer accepted() {
    return accepted;
  }

  /** The most tokens of any of its tests. */
  public int longestTest() {
    return chain.tokens().length + endings.longest();
  }

  /** All of its steps. */
  public Mask steps() {
    return Mask.first(chain.size());
  }

  /** What follows the steps in its tests. */
  public Endings endings() {
    return endings;
  }

  /** Decides what is sampled. */
  public long seed() {
    return seed;
  }

  /** What was measured of its subsequences. */
  public TestedMasks tested() {
    return tested;
  }
}
