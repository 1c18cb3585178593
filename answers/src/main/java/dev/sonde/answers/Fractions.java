package dev.sonde.answers;

import dev.sonde.answers.Answer.Rational;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Exact arithmetic. What grows beyond anything that people write is refused. */
final class Fractions {
  static final Rational ZERO = Rational.of(0);
  static final Rational ONE = Rational.of(1);

  private static final int MOST_BITS = 4096;

  /** Roots are taken of numbers whose prime factors are found by trial. */
  private static final long LARGEST_FACTORED = 1_000_000_000_000L;

  private Fractions() {}

  static Rational add(Rational a, Rational b) {
    return new Rational(
        a.numerator().multiply(b.denominator()).add(b.numerator().multiply(a.denominator())),
        a.denominator().multiply(b.denominator()));
  }

  static Rational multiply(Rational a, Rational b) {
    return bounded(
        new Rational(
            a.numerator().multiply(b.numerator()), a.denominator().multiply(b.denominator())));
  }

  static Rational negate(Rational a) {
    return new Rational(a.numerator().negate(), a.denominator());
  }

  /**
   * A whole power.
   *
   * @throws UnreadableException if it does not exist or is too large
   */
  static Rational power(Rational base, int exponent) {
    int size = Math.abs(exponent);
    int bits = Math.max(base.numerator().bitLength(), base.denominator().bitLength());
    if ((long) bits * size > MOST_BITS && bits > 1) {
      throw new UnreadableException("a power is too large");
    }
    if (exponent < 0 && base.numerator().signum() == 0) {
      throw new UnreadableException("a division by 0");
    }
    BigInteger above = base.numerator().pow(size);
    BigInteger below = base.denominator().pow(size);
    return exponent < 0 ? new Rational(below, above) : new Rational(above, below);
  }

  static boolean isWhole(Rational number) {
    return number.denominator().equals(BigInteger.ONE);
  }

  /** A whole number of the size of an exponent; empty for any other. */
  static Optional<Integer> small(Rational number) {
    return isWhole(number) && number.numerator().bitLength() < 16
        ? Optional.of(number.numerator().intValueExact())
        : Optional.empty();
  }

  /** The largest whole number that is not larger. */
  static BigInteger floor(Rational number) {
    BigInteger[] parts = number.numerator().divideAndRemainder(number.denominator());
    return parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
  }

  /** The prime factors of a positive whole number with their exponents. */
  static Map<Long, Integer> primes(BigInteger number) {
    if (number.bitLength() >= Long.SIZE || number.longValueExact() > LARGEST_FACTORED) {
      throw new UnreadableException("a root of too large a number");
    }
    long rest = number.longValueExact();
    Map<Long, Integer> primes = new TreeMap<>();
    for (long prime = 2; prime * prime <= rest; prime += prime == 2 ? 1 : 2) {
      while (rest % prime == 0) {
        primes.merge(prime, 1, Integer::sum);
        rest /= prime;
      }
    }
    if (rest > 1) {
      primes.merge(rest, 1, Integer::sum);
    }
    return primes;
  }

  private static Rational bounded(Rational number) {
    if (number.numerator().bitLength() > MOST_BITS
        || number.denominator().bitLength() > MOST_BITS) {
      throw new UnreadableException("a number is too large");
    }
    return number;
  }
}
