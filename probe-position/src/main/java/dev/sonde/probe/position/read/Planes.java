package dev.sonde.probe.position.read;

import dev.sonde.api.model.Attention;
import java.util.Arrays;

/**
 * The planes that the heads of a block turn in. Numbers of a head that do not turn are taken in
 * pairs too: planes of frequency 0.
 */
public final class Planes {
  private final double[] frequencies;
  private final double[] gains;
  private final int[] first;
  private final int[] second;

  private Planes(double[] frequencies, double[] gains, int[] first, int[] second) {
    this.frequencies = frequencies;
    this.gains = gains;
    this.first = first;
    this.second = second;
  }

  /** The planes of a block, by the model's own frequencies and layout. */
  public static Planes of(Attention attention, int headWidth) {
    int count = headWidth / 2;
    double[] frequencies = new double[count];
    double[] gains = new double[count];
    Arrays.fill(gains, 1);
    int[] first = new int[count];
    int[] second = new int[count];
    int turning = attention.rotary().map(r -> r.frequencies().length).orElse(0);
    for (int plane = 0; plane < turning; plane++) {
      Attention.Rotary rotary = attention.rotary().orElseThrow();
      frequencies[plane] = rotary.frequencies()[plane];
      gains[plane] = rotary.magnitude();
      first[plane] = rotary.interleaved() ? 2 * plane : plane;
      second[plane] = rotary.interleaved() ? 2 * plane + 1 : plane + turning;
    }
    for (int plane = turning; plane < count; plane++) {
      first[plane] = 2 * plane;
      second[plane] = 2 * plane + 1;
    }
    return new Planes(frequencies, gains, first, second);
  }

  /** Number of planes, half the width of a head. */
  public int count() {
    return frequencies.length;
  }

  /** Radians a position. */
  public double frequency(int plane) {
    return frequencies[plane];
  }

  /** Whether a plane turns by less than an angle over a window of tokens. */
  public boolean isSlow(int plane, int window, double angle) {
    return frequencies[plane] * window < angle;
  }

  /**
   * Writes a head's numbers in plane coordinates: all real parts, then all imaginary ones.
   *
   * @param head the numbers of one token, which begin at an offset
   * @param row where in the result they go
   */
  public void read(float[] head, int offset, float[] coordinates, int row) {
    int at = row * 2 * count();
    for (int plane = 0; plane < count(); plane++) {
      coordinates[at + plane] = (float) (gains[plane] * head[offset + first[plane]]);
      coordinates[at + count() + plane] = (float) (gains[plane] * head[offset + second[plane]]);
    }
  }
}
