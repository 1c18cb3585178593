package dev.sonde.engine.run;

import dev.sonde.formats.ContentHash;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The file of a stage: a line with a hash, then its result. The hash is over the result and over
 * what it is the result of, so that another stage's is not taken for it.
 *
 * @param identity the run's inputs, the probe and the stage
 */
record StageFile(String identity) {
  private static final String FORMAT = "sonde-stage-1 ";
  private static final int HEAD = FORMAT.length() + 64 + 1;

  /** What stands before a result. */
  byte[] head(byte[] result) {
    return ascii(FORMAT + ContentHash.of(ascii(identity + "\n" + ContentHash.of(result))) + "\n");
  }

  /** The result in a file; empty if it is not whole, or of something else. */
  Optional<byte[]> result(byte[] file) {
    if (file.length < HEAD) {
      return Optional.empty();
    }
    byte[] result = Arrays.copyOfRange(file, HEAD, file.length);
    return Arrays.equals(file, 0, HEAD, head(result), 0, HEAD)
        ? Optional.of(result)
        : Optional.empty();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
