package dev.sonde.api.model;

import dev.sonde.api.ApiStatus;
import java.util.Arrays;

/**
 * Rotary frequencies in place of a model's own while a sequence is run, in every block that
 * rotates: what linear interpolation, NTK and YaRN change.
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.2")
public final class Frequencies {
  private final float[] perPlane;
  private final double magnitude;

  private Frequencies(float[] perPlane, double magnitude) {
    this.perPlane = perPlane;
    this.magnitude = magnitude;
  }

  /**
   * Frequencies.
   *
   * @param perPlane radians per position, as many as the model has planes
   * @param magnitude a factor on cosines and sines, of queries and of keys
   */
  public static Frequencies of(float[] perPlane, double magnitude) {
    return new Frequencies(perPlane.clone(), magnitude);
  }

  /** Radians per position. */
  public float[] perPlane() {
    return perPlane.clone();
  }

  /** A factor on cosines and sines. */
  public double magnitude() {
    return magnitude;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Frequencies that
        && Arrays.equals(perPlane, that.perPlane)
        && magnitude == that.magnitude;
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(perPlane) + Double.hashCode(magnitude);
  }

  @Override
  public String toString() {
    return perPlane.length + " frequencies";
  }
}
