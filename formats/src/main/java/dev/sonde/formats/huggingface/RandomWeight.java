package dev.sonde.formats.huggingface;

import dev.sonde.formats.ContentHash;
import dev.sonde.formats.Weight;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * Freshly initialised numbers in place of a trained tensor: normal with mean 0, each a function of
 * seed, tensor name and index alone, so that every backend draws the same model.
 */
record RandomWeight(String name, List<Long> shape, double deviation, long stream)
    implements Weight {
  /** Increment of SplitMix64 (Steele, Lea and Flood 2014). */
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  static RandomWeight of(Weight trained, double deviation, long seed) {
    String key = seed + "/" + trained.name();
    byte[] hash = HexFormat.of().parseHex(ContentHash.of(key.getBytes(StandardCharsets.UTF_8)));
    return new RandomWeight(
        trained.name(), trained.shape(), deviation, ByteBuffer.wrap(hash).getLong());
  }

  @Override
  public void copyFloats(long from, MemorySegment target, long count) {
    for (long i = 0; i < count; i++) {
      target.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (deviation * normal(from + i)));
    }
  }

  /** Box and Muller (1958): two uniform numbers make two normal ones. */
  private double normal(long index) {
    long pair = index >> 1;
    double radius = Math.sqrt(-2 * Math.log(uniform(2 * pair)));
    double angle = 2 * Math.PI * uniform(2 * pair + 1);
    return radius * ((index & 1) == 0 ? Math.cos(angle) : Math.sin(angle));
  }

  /** A number in (0, 1] by its place in the stream. */
  private double uniform(long place) {
    long z = stream + (place + 1) * GOLDEN;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    z ^= z >>> 31;
    return ((z >>> 11) + 1) * 0x1.0p-53;
  }
}
