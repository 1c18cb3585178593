package dev.sonde.probe.stepimportance.search;

import dev.sonde.answers.Answer;
import dev.sonde.probe.stepimportance.chain.Chain;
import dev.sonde.probe.stepimportance.chain.Mask;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** A chain under test: the answer that counts, and all that was measured of its subsequences. */
public final class Subject {
  private final Chain chain;
  private final Answer accepted;
  private final Endings endings;
  private final long seed;
  private final Map<Mask, Measured> measured = new LinkedHashMap<>();
  private double directPerplexity = Double.NaN;

  /**
   * What follows the steps in a test.
   *
   * @param elicitation tokens that ask for the answer
   * @param empty the same where no step is kept
   * @param direct elicitation and answer, behind no step
   * @param formed elicitation and answer
   * @param written elicitation and what the model itself writes there behind the whole chain
   * @param most the most tokens of a sampled answer
   */
  public record Endings(
      int[] elicitation, int[] empty, int[] direct, int[] formed, int[] written, int most) {}

  /**
   * What was measured of a subsequence.
   *
   * @param right accepted answers
   * @param samples sampled answers
   * @param perplexity NaN of no steps
   */
  record Measured(int right, int samples, double perplexity) {}

  /**
   * A chain of which nothing is known yet.
   *
   * @param accepted the answer that counts as right
   * @param seed decides what is sampled, the same for every subsequence
   */
  public Subject(Chain chain, Answer accepted, Endings endings, long seed) {
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

  /** What follows the steps in a test. */
  public Endings endings() {
    return endings;
  }

  /** Decides what is sampled. */
  public long seed() {
    return seed;
  }

  /** How many subsequences were tested. */
  public int tests() {
    return measured.size();
  }

  /** Whether a subsequence was tested. */
  boolean has(Mask mask) {
    return measured.containsKey(mask);
  }

  void put(Mask mask, Measured of) {
    measured.put(mask, of);
  }

  void directPerplexity(double value) {
    directPerplexity = value;
  }

  /**
   * What the tests say of a subsequence that was tested.
   *
   * @param reference the subsequence that attainability is measured against, tested as well
   */
  Verdict of(Mask mask, Mask reference) {
    Measured found = measured(mask);
    return new Verdict(
        found.right(),
        found.samples(),
        Attainability.of(found.perplexity(), measured(reference).perplexity(), directPerplexity));
  }

  private Measured measured(Mask mask) {
    return Objects.requireNonNull(measured.get(mask), () -> "never tested: " + mask);
  }
}
