package dev.sonde.probe.stepimportance.chain;

import java.util.BitSet;
import java.util.stream.IntStream;

/** Which steps of a chain are kept. */
public final class Mask {
  private final BitSet kept;

  private Mask(BitSet kept) {
    this.kept = kept;
  }

  /** The first steps. */
  public static Mask first(int count) {
    BitSet bits = new BitSet();
    bits.set(0, count);
    return new Mask(bits);
  }

  /** Some steps. */
  public static Mask of(int... steps) {
    BitSet bits = new BitSet();
    IntStream.of(steps).forEach(bits::set);
    return new Mask(bits);
  }

  /** The same with one step more. */
  public Mask with(int step) {
    BitSet bits = (BitSet) kept.clone();
    bits.set(step);
    return new Mask(bits);
  }

  /** The same with one step less. */
  public Mask without(int step) {
    BitSet bits = (BitSet) kept.clone();
    bits.clear(step);
    return new Mask(bits);
  }

  /** The steps of this one that another has not. */
  public Mask minus(Mask other) {
    BitSet bits = (BitSet) kept.clone();
    bits.andNot(other.kept);
    return new Mask(bits);
  }

  /** The steps of this one that another has too. */
  public Mask and(Mask other) {
    BitSet bits = (BitSet) kept.clone();
    bits.and(other.kept);
    return new Mask(bits);
  }

  /** Whether a step is kept. */
  public boolean has(int step) {
    return kept.get(step);
  }

  /** Whether it keeps every step that another keeps. */
  public boolean covers(Mask other) {
    return other.minus(this).size() == 0;
  }

  /** How many are kept. */
  public int size() {
    return kept.cardinality();
  }

  /** The kept steps in order. */
  public int[] steps() {
    return kept.stream().toArray();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Mask that && kept.equals(that.kept);
  }

  @Override
  public int hashCode() {
    return kept.hashCode();
  }

  @Override
  public String toString() {
    return kept.toString();
  }
}
