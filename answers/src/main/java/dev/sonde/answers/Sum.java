package dev.sonde.answers;

import dev.sonde.answers.Answer.Rational;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A formula in normal form: products with their coefficients. Products of sums are multiplied out,
 * roots of numbers are taken apart into prime numbers, so that formulas that pupils would call the
 * same are the same.
 *
 * @param terms coefficients that are not zero, by their products
 */
record Sum(SortedMap<Product, Rational> terms) {
  private static final int MOST_TERMS = 200;
  private static final int LARGEST_POWER_OF_SUMS = 12;
  private static final String IMAGINARY = "i";

  static Sum of(Rational number) {
    return of(Product.EMPTY, number);
  }

  static Sum of(String thing) {
    return of(Product.of(thing, Fractions.ONE), Fractions.ONE);
  }

  private static Sum of(Product product, Rational coefficient) {
    TreeMap<Product, Rational> terms = new TreeMap<>();
    if (!coefficient.equals(Fractions.ZERO)) {
      terms.put(product, coefficient);
    }
    return new Sum(terms);
  }

  /** Its value, if it is a rational number. */
  Optional<Rational> number() {
    if (terms.isEmpty()) {
      return Optional.of(Fractions.ZERO);
    }
    return terms.size() == 1 && terms.firstKey().powers().isEmpty()
        ? Optional.of(firstCoefficient())
        : Optional.empty();
  }

  private Rational firstCoefficient() {
    return terms.values().iterator().next();
  }

  Sum plus(Sum other) {
    TreeMap<Product, Rational> all = new TreeMap<>(terms);
    other.terms.forEach((product, c) -> all.merge(product, c, Fractions::add));
    all.values().removeIf(Fractions.ZERO::equals);
    return new Sum(all);
  }

  Sum negated() {
    return times(of(Rational.of(-1)));
  }

  Sum times(Sum other) {
    if ((long) terms.size() * other.terms.size() > MOST_TERMS) {
      throw new UnreadableException("too many terms");
    }
    Sum all = new Sum(new TreeMap<>());
    for (Map.Entry<Product, Rational> a : terms.entrySet()) {
      for (Map.Entry<Product, Rational> b : other.terms.entrySet()) {
        all =
            all.plus(
                reduced(
                    a.getKey().times(b.getKey()), Fractions.multiply(a.getValue(), b.getValue())));
      }
    }
    return all;
  }

  /** Takes whole powers of primes, and of the imaginary unit, out of a product. */
  private static Sum reduced(Product product, Rational coefficient) {
    TreeMap<String, Rational> rest = new TreeMap<>(product.powers());
    Rational factor = coefficient;
    for (Map.Entry<String, Rational> power : product.powers().entrySet()) {
      String thing = power.getKey();
      BigInteger whole = Fractions.floor(power.getValue());
      if (Character.isDigit(thing.charAt(0)) && whole.signum() != 0) {
        factor =
            Fractions.multiply(
                factor,
                Fractions.power(
                    new Rational(new BigInteger(thing), BigInteger.ONE), whole.intValueExact()));
        put(
            rest,
            thing,
            Fractions.add(power.getValue(), new Rational(whole.negate(), BigInteger.ONE)));
      } else if (thing.equals(IMAGINARY) && Fractions.isWhole(power.getValue())) {
        int turns = whole.mod(BigInteger.valueOf(4)).intValueExact();
        factor = turns >= 2 ? Fractions.negate(factor) : factor;
        put(rest, thing, Rational.of(turns % 2));
      }
    }
    return of(new Product(rest), factor);
  }

  private static void put(Map<String, Rational> powers, String thing, Rational exponent) {
    if (exponent.equals(Fractions.ZERO)) {
      powers.remove(thing);
    } else {
      powers.put(thing, exponent);
    }
  }

  /**
   * A power.
   *
   * @throws UnreadableException if it does not exist or is too large
   */
  Sum power(Sum exponent) {
    Optional<Rational> number = exponent.number();
    if (number.isEmpty()) {
      return of("(%s)^{%s}".formatted(this, exponent));
    }
    Rational power = number.get();
    if (power.equals(Fractions.ZERO)) {
      return of(Fractions.ONE);
    }
    if (terms.isEmpty()) {
      if (power.numerator().signum() < 0) {
        throw new UnreadableException("a division by 0");
      }
      return this;
    }
    return terms.size() == 1 ? powerOfProduct(power) : powerOfSum(power);
  }

  private Sum powerOfProduct(Rational power) {
    Product product = terms.firstKey();
    Sum things = reduced(product.power(power), Fractions.ONE);
    return root(firstCoefficient(), power).times(things);
  }

  /** A rational power of a rational number. */
  private static Sum root(Rational base, Rational power) {
    Optional<Integer> whole = Fractions.small(power);
    if (whole.isPresent()) {
      return of(Fractions.power(base, whole.get()));
    }
    if (base.numerator().signum() < 0) {
      Sum positive = root(Fractions.negate(base), power);
      if (power.denominator().testBit(0)) {
        return power.numerator().testBit(0) ? positive.negated() : positive; // an odd root
      }
      if (power.denominator().equals(BigInteger.TWO)) {
        return positive.times(
            reduced(
                Product.of(IMAGINARY, new Rational(power.numerator(), BigInteger.ONE)),
                Fractions.ONE));
      }
      throw new UnreadableException("a root of a negative number");
    }
    return roots(base.numerator(), power).times(roots(base.denominator(), Fractions.negate(power)));
  }

  private static Sum roots(BigInteger number, Rational power) {
    Sum all = of(Fractions.ONE);
    for (Map.Entry<Long, Integer> prime : Fractions.primes(number).entrySet()) {
      Rational exponent = Fractions.multiply(power, Rational.of(prime.getValue()));
      all = all.times(reduced(Product.of(prime.getKey().toString(), exponent), Fractions.ONE));
    }
    return all;
  }

  private Sum powerOfSum(Rational power) {
    Optional<Integer> whole = Fractions.small(power);
    if (whole.isPresent() && whole.get() > 0 && whole.get() <= LARGEST_POWER_OF_SUMS) {
      Sum all = this;
      for (int i = 1; i < whole.get(); i++) {
        all = all.times(this);
      }
      return all;
    }
    // The first coefficient is taken out, so that 1/(2x+2) is half of 1/(x+1).
    Rational first = firstCoefficient();
    Rational size =
        first.numerator().signum() < 0 && whole.isEmpty() ? Fractions.negate(first) : first;
    Sum monic = times(of(Fractions.power(size, -1)));
    return root(size, power).times(of(Product.of("(" + monic + ")", power), Fractions.ONE));
  }

  @Override
  public String toString() {
    return terms.isEmpty()
        ? "0"
        : terms.entrySet().stream()
            .map(
                term ->
                    term.getKey().powers().isEmpty()
                        ? term.getValue().toString()
                        : term.getValue().equals(Fractions.ONE)
                            ? term.getKey().toString()
                            : term.getValue() + "*" + term.getKey())
            .collect(Collectors.joining("+"));
  }
}
