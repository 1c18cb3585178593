package dev.sonde.api.model;

import dev.sonde.api.ApiStatus;
import java.util.Optional;

/** How a block computes attention scores from its queries and keys, as data. */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.2")
public final class Attention {
  private final double scale;
  private final double softCap;
  private final int window;
  private final boolean sinks;
  private final Optional<Rotary> rotary;

  private Attention(
      double scale, double softCap, int window, boolean sinks, Optional<Rotary> rotary) {
    this.scale = scale;
    this.softCap = softCap;
    this.window = window;
    this.sinks = sinks;
    this.rotary = rotary;
  }

  /**
   * Scores of all keys that do not depend on positions.
   *
   * @param scale factor on the dot products of queries and keys
   */
  public static Attention scaledBy(double scale) {
    return new Attention(scale, 0, 0, false, Optional.empty());
  }

  /** The same with a soft cap on scores. */
  public Attention softCap(double cap) {
    return new Attention(scale, cap, window, sinks, rotary);
  }

  /** The same with so many keys that a query sees. */
  public Attention window(int keys) {
    return new Attention(scale, softCap, keys, sinks, rotary);
  }

  /** The same with or without sinks. */
  public Attention sinks(boolean present) {
    return new Attention(scale, softCap, window, present, rotary);
  }

  /** The same with queries and keys that rotate. */
  public Attention rotary(Rotary rotation) {
    return new Attention(scale, softCap, window, sinks, Optional.of(rotation));
  }

  /** Factor on the dot products of queries and keys. */
  public double scale() {
    return scale;
  }

  /** Soft cap {@code c · tanh(x / c)} on scores; 0 for none. */
  public double softCap() {
    return softCap;
  }

  /** How many keys a query sees, its own included; 0 for all. */
  public int window() {
    return window;
  }

  /**
   * Whether each head has a learned sink: an extra logit in the softmax whose weight is discarded.
   */
  public boolean sinks() {
    return sinks;
  }

  /** How queries and keys rotate with their positions; empty if they do not. */
  public Optional<Rotary> rotary() {
    return rotary;
  }

  /**
   * Rotary position embedding of a head's first features; the others are not rotated.
   *
   * @param frequencies radians per position, one per plane, as the model scales them
   * @param interleaved whether plane m is features 2m and 2m + 1 of a head; otherwise m and m +
   *     planes
   * @param magnitude a factor on cosines and sines
   * @param upTo tokens of the longest sequence with these frequencies; longer ones have others
   */
  public record Rotary(float[] frequencies, boolean interleaved, double magnitude, int upTo) {
    /** How many of a head's features rotate. */
    public int width() {
      return 2 * frequencies.length;
    }
  }
}
