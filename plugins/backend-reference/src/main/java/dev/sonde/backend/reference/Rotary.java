package dev.sonde.backend.reference;

/**
 * Rotary position embedding in the rotate-half layout: plane m holds the components m and m +
 * width/2 of a head, and turns by its frequency with every position. Angles are rounded to float32,
 * as Hugging Face computes them.
 */
final class Rotary {
  private final float[] frequencies;

  Rotary(float[] frequencies) {
    this.frequencies = frequencies;
  }

  /** Turns one head, {@code [headWidth]} from an offset on, to its position. */
  void rotate(float[] values, int offset, int position) {
    int half = frequencies.length;
    for (int m = 0; m < half; m++) {
      float angle = position * frequencies[m];
      float cos = (float) Math.cos(angle);
      float sin = (float) Math.sin(angle);
      float first = values[offset + m];
      float second = values[offset + half + m];
      values[offset + m] = first * cos - second * sin;
      values[offset + half + m] = second * cos + first * sin;
    }
  }
}
