package dev.sonde.engine.report;

import dev.sonde.api.InvalidInputException;

/**
 * A statement that the figures of a probe were asked about.
 *
 * @param statement for example {@code decodable}
 * @param answer whether it holds
 * @param because the numbers that the answer rests on
 */
public record Claim(String statement, Answer answer, String because) {
  /** Whether a statement holds. */
  public enum Answer {
    /** It holds. */
    YES("yes"),
    /** It does not hold. */
    NO("no"),
    /** The figures do not show that it holds. */
    NOT_SHOWN("not shown"),
    /** Nothing was computed that could tell. */
    NOT_TESTED("not tested"),
    /** Another statement that it needs does not hold. */
    POINTLESS("–");

    private final String word;

    Answer(String word) {
      this.word = word;
    }

    /** The answer for readers, also in report.json. */
    public String word() {
      return word;
    }

    /**
     * The answer of a word.
     *
     * @throws InvalidInputException if it is none
     */
    static Answer of(String word) {
      for (Answer answer : values()) {
        if (answer.word.equals(word)) {
          return answer;
        }
      }
      throw new InvalidInputException("report: '%s' is no answer of a claim".formatted(word));
    }
  }
}
