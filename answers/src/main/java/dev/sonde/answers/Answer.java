package dev.sonde.answers;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;

/** An answer in normal form: two of them say the same where they are equal. */
public sealed interface Answer {

  /**
   * A rational number in lowest terms; decimals and fractions are the same numbers, exactly.
   *
   * @param numerator carries the sign
   * @param denominator positive
   */
  record Rational(BigInteger numerator, BigInteger denominator) implements Answer {
    /**
     * Brings it into lowest terms.
     *
     * @throws ArithmeticException if the denominator is 0
     */
    public Rational {
      if (denominator.signum() == 0) {
        throw new ArithmeticException("a fraction with denominator 0");
      }
      BigInteger divisor = numerator.gcd(denominator);
      if (denominator.signum() < 0) {
        divisor = divisor.negate();
      }
      numerator = numerator.divide(divisor);
      denominator = denominator.divide(divisor);
    }

    /** A whole number. */
    public static Rational of(long number) {
      return new Rational(BigInteger.valueOf(number), BigInteger.ONE);
    }

    @Override
    public String toString() {
      return denominator.equals(BigInteger.ONE) ? "" + numerator : numerator + "/" + denominator;
    }
  }

  /**
   * An option of a multiple choice.
   *
   * @param letter upper case
   */
  record Option(char letter) implements Answer {
    @Override
    public String toString() {
      return String.valueOf(letter);
    }
  }

  /**
   * Several answers in one: a tuple, an interval, a set, a list of solutions, a union.
   *
   * @param open what stands before the first, such as {@code [}
   * @param close what stands after the last
   * @param parts in order; sorted where order means nothing
   */
  record Group(String open, String close, List<Answer> parts) implements Answer {
    /** Copies the parts. */
    public Group {
      parts = List.copyOf(parts);
    }

    /** A group whose order means nothing. */
    static Group unordered(String open, String close, List<Answer> parts) {
      return new Group(
          open, close, parts.stream().sorted(Comparator.comparing(Answer::toString)).toList());
    }

    @Override
    public String toString() {
      List<String> texts = parts.stream().map(Answer::toString).toList();
      return open + String.join(", ", texts) + close;
    }
  }

  /**
   * A formula that is no number.
   *
   * @param text in normal form: sums of products, multiplied out and in order
   */
  record Formula(String text) implements Answer {
    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * Words.
   *
   * @param text single spaces; of {@code alias} lower case, without punctuation at the ends
   */
  record Phrase(String text) implements Answer {
    @Override
    public String toString() {
      return text;
    }
  }
}
