package dev.sonde.traps;

import dev.sonde.api.report.Claim.Answer;
import java.util.EnumSet;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * One way to plant data, with the answers that are right for it.
 *
 * @param name short and of its own: words joined by {@code -}
 * @param claim whose answer is looked at
 * @param planted what the data hold, in a few words
 * @param right the answers that a careful reader of the data could give
 * @param draw makes one data set and has it answered
 */
record Kind(String name, String claim, String planted, Set<Answer> right, Draw draw) {
  /** Makes a data set, and has the engine or the probe answer. */
  interface Draw {
    Drawn of(RandomGenerator random);
  }

  /**
   * What came of one data set.
   *
   * @param ideal the p of a test that knows what was planted; empty where there is none
   */
  record Drawn(Answer answer, OptionalDouble ideal) {
    static Drawn of(Answer answer) {
      return new Drawn(answer, OptionalDouble.empty());
    }
  }

  /** Data that must not be answered with yes. */
  static Kind trap(String name, String claim, String planted, Draw draw) {
    return new Kind(name, claim, planted, EnumSet.complementOf(EnumSet.of(Answer.YES)), draw);
  }

  /** Data that no answer but one suits. */
  static Kind only(Answer right, String name, String claim, String planted, Draw draw) {
    return new Kind(name, claim, planted, EnumSet.of(right), draw);
  }

  /** Data with a true effect, which is to be found. */
  static Kind effect(String name, String claim, String planted, Draw draw) {
    return new Kind(name, claim, planted, EnumSet.of(Answer.YES), draw);
  }

  /** Whether yes is right. */
  boolean isEffect() {
    return right.contains(Answer.YES);
  }
}
