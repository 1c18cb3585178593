package dev.sonde.answers;

import dev.sonde.answers.Answer.Rational;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Powers of things that are not computed further: variables, constants, prime numbers under a root,
 * functions, sums under a root or in a denominator.
 *
 * @param powers exponents that are not zero, by what they are of
 */
record Product(SortedMap<String, Rational> powers) implements Comparable<Product> {
  static final Product EMPTY = new Product(new TreeMap<>());

  /** A product with its powers copied. */
  Product {
    powers = Collections.unmodifiableSortedMap(new TreeMap<>(powers));
  }

  static Product of(String thing, Rational exponent) {
    TreeMap<String, Rational> powers = new TreeMap<>();
    powers.put(thing, exponent);
    return new Product(powers);
  }

  Product times(Product other) {
    TreeMap<String, Rational> all = new TreeMap<>(powers);
    other.powers.forEach((thing, exponent) -> all.merge(thing, exponent, Fractions::add));
    all.values().removeIf(Fractions.ZERO::equals);
    return new Product(all);
  }

  Product power(Rational exponent) {
    TreeMap<String, Rational> all = new TreeMap<>();
    powers.forEach((thing, own) -> all.put(thing, Fractions.multiply(own, exponent)));
    all.values().removeIf(Fractions.ZERO::equals);
    return new Product(all);
  }

  @Override
  public int compareTo(Product other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return powers.entrySet().stream().map(Product::written).collect(Collectors.joining("*"));
  }

  private static String written(Map.Entry<String, Rational> power) {
    return power.getValue().equals(Fractions.ONE)
        ? power.getKey()
        : "%s^(%s)".formatted(power.getKey(), power.getValue());
  }
}
