package dev.sonde.engine.experiment;

import dev.sonde.formats.ContentHash;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Random numbers of a run: an independent generator for every purpose, so that adding one use of
 * randomness leaves all others as they were.
 *
 * @param seed the run's seed
 */
public record Seeds(long seed) {
  private static final int HEX_OF_LONG = 16;

  /** The generator of a purpose. */
  public RandomGenerator random(String purpose) {
    byte[] identity = (seed + "/" + purpose).getBytes(StandardCharsets.UTF_8);
    long derived =
        Long.parseUnsignedLong(ContentHash.of(identity).substring(0, HEX_OF_LONG), HEX_OF_LONG);
    return RandomGeneratorFactory.of("L64X128MixRandom").create(derived);
  }
}
