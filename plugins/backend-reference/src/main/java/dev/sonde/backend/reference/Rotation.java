package dev.sonde.backend.reference;

import dev.sonde.formats.huggingface.Rotary;
import java.util.List;

/**
 * Rotary position embedding: each plane of a head turns by its frequency with every position.
 * Angles are rounded to float32, as Hugging Face computes them.
 */
record Rotation(Rotary rotary, int headWidth) {
  /**
   * Turns every head to the position of its token.
   *
   * @param x {@code [tokens, heads, d_head]}
   */
  float[] apply(float[] x, int heads, List<Run> runs) {
    float[] turned = x.clone();
    for (Run run : runs) {
      float[] frequencies = rotary.frequencies(run.sequenceLength());
      for (int t = 0; t < run.length(); t++) {
        for (int plane = 0; plane < frequencies.length; plane++) {
          float angle = (run.past() + t) * frequencies[plane];
          turn(turned, (run.start() + t) * heads, heads, plane, angle);
        }
      }
    }
    return turned;
  }

  /** Turns one plane of some heads. */
  private void turn(float[] x, int firstHead, int heads, int plane, float angle) {
    float cos = (float) (Math.cos(angle) * rotary.magnitude());
    float sin = (float) (Math.sin(angle) * rotary.magnitude());
    int first = rotary.from() + (rotary.interleaved() ? 2 * plane : plane);
    int second =
        rotary.from() + (rotary.interleaved() ? 2 * plane + 1 : plane + rotary.width() / 2);
    for (int head = firstHead; head < firstHead + heads; head++) {
      int a = head * headWidth + first;
      int b = head * headWidth + second;
      float old = x[a];
      x[a] = old * cos - x[b] * sin;
      x[b] = x[b] * cos + old * sin;
    }
  }
}
