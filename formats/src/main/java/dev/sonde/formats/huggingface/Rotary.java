package dev.sonde.formats.huggingface;

import java.util.function.IntFunction;

/**
 * Rotary position embedding of one kind of layer: how fast each plane of a head turns, and which
 * two numbers of the head are a plane.
 */
public final class Rotary {
  private final int width;
  private final int from;
  private final boolean interleaved;
  private final double magnitude;
  private final int changesAfter;
  private final boolean changesOn;
  private final IntFunction<float[]> frequencies;

  private Rotary(Builder b) {
    this.width = b.width;
    this.from = b.from;
    this.interleaved = b.interleaved;
    this.magnitude = b.magnitude;
    this.changesAfter = b.changesAfter;
    this.changesOn = b.changesOn;
    this.frequencies = b.frequencies;
  }

  static Builder builder(int width, boolean interleaved, IntFunction<float[]> frequencies) {
    return new Builder(width, interleaved, frequencies);
  }

  /** How many of a head's numbers turn. The rest stays as it is. */
  public int width() {
    return width;
  }

  /** The first of a head's numbers that turns. */
  public int from() {
    return from;
  }

  /** Whether plane m is the numbers 2m and 2m+1 of those; else m and m + width/2. */
  public boolean interleaved() {
    return interleaved;
  }

  /** A factor on cosines and sines. */
  public double magnitude() {
    return magnitude;
  }

  /**
   * What the frequencies of a sequence depend on: lengths of one value of this function turn alike.
   * Most models have one value only.
   */
  public int variant(int length) {
    if (length <= changesAfter) {
      return changesAfter;
    }
    return changesOn ? length : Integer.MAX_VALUE;
  }

  /** Radians a position, one per plane, rounded to float32 as Hugging Face computes it. */
  public float[] frequencies(int length) {
    return frequencies.apply(length);
  }

  /** Collects the rarer parts. */
  static final class Builder {
    private final int width;
    private final boolean interleaved;
    private final IntFunction<float[]> frequencies;
    private double magnitude = 1;
    private int from;
    private int changesAfter = Integer.MAX_VALUE;
    private boolean changesOn;

    private Builder(int width, boolean interleaved, IntFunction<float[]> frequencies) {
      this.width = width;
      this.interleaved = interleaved;
      this.frequencies = frequencies;
    }

    Builder magnitude(double factor) {
      this.magnitude = factor;
      return this;
    }

    /** The first of a head's numbers that turns. */
    Builder from(int first) {
      this.from = first;
      return this;
    }

    /** Longer sequences turn otherwise; on and on if each further token changes it again. */
    Builder changesAfter(int length, boolean on) {
      this.changesAfter = length;
      this.changesOn = on;
      return this;
    }

    Rotary build() {
      return new Rotary(this);
    }
  }
}
