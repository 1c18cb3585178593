package dev.sonde.probe.position.estimate;

import dev.sonde.api.model.Attention;
import dev.sonde.probe.position.read.CausalPairs;
import dev.sonde.probe.position.read.PlaneRows;
import dev.sonde.probe.position.read.Planes;
import java.util.Random;

/** Heads for tests: random queries and keys in a few planes. */
final class Heads {
  static final int WIDTH = 8;

  private Heads() {}

  /** A block whose planes turn by the usual frequencies of a base. */
  static Attention rotary(double base) {
    float[] frequencies = new float[WIDTH / 2];
    for (int plane = 0; plane < frequencies.length; plane++) {
      frequencies[plane] = (float) Math.pow(base, -2.0 * plane / WIDTH);
    }
    return turning(frequencies);
  }

  static Attention turning(float... frequencies) {
    return Attention.scaledBy(1 / Math.sqrt(WIDTH))
        .rotary(new Attention.Rotary(frequencies, false, 1, Integer.MAX_VALUE));
  }

  static PlaneRows random(Planes planes, int tokens, long seed) {
    Random random = new Random(seed);
    float[] values = new float[tokens * 2 * planes.count()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return new PlaneRows(planes, tokens, values);
  }

  static double[] noise(CausalPairs cells, long seed) {
    return new Random(seed).doubles(cells.count()).map(x -> x - 0.5).toArray();
  }
}
