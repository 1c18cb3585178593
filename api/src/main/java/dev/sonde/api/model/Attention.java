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

  private Attention(Builder builder) {
    this.scale = builder.scale;
    this.softCap = builder.softCap;
    this.window = builder.window;
    this.sinks = builder.sinks;
    this.rotary = builder.rotary;
  }

  /**
   * A builder.
   *
   * @param scale factor on the dot products of queries and keys
   */
  public static Builder scaledBy(double scale) {
    return new Builder(scale);
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

  /** Collects the parts. */
  public static final class Builder {
    private final double scale;
    private double softCap;
    private int window;
    private boolean sinks;
    private Optional<Rotary> rotary = Optional.empty();

    private Builder(double scale) {
      this.scale = scale;
    }

    /** Sets a soft cap on scores. */
    public Builder softCap(double cap) {
      this.softCap = cap;
      return this;
    }

    /** Limits the keys that a query sees. */
    public Builder window(int keys) {
      this.window = keys;
      return this;
    }

    /** Says whether heads have a sink. */
    public Builder sinks(boolean present) {
      this.sinks = present;
      return this;
    }

    /** Says how queries and keys rotate. */
    public Builder rotary(Rotary rotation) {
      this.rotary = Optional.of(rotation);
      return this;
    }

    /** The description. */
    public Attention build() {
      return new Attention(this);
    }
  }
}
