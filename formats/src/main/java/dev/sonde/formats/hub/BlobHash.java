package dev.sonde.formats.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What an etag of the hub says of the content it names. */
final class BlobHash {
  private static final int BUFFER = 1 << 20;
  private static final int SHA256_DIGITS = 64;
  private static final int SHA1_DIGITS = 40;

  private BlobHash() {}

  /** Whether a file's content is the one its etag names; an etag that is no hash fits anything. */
  static boolean fits(Path file, String etag) throws IOException {
    if (!etag.matches("[0-9a-f]+")) {
      return true;
    }
    return switch (etag.length()) {
      case SHA256_DIGITS -> etag.equals(digest(file, digest("SHA-256")));
      case SHA1_DIGITS -> etag.equals(gitBlob(file));
      default -> true;
    };
  }

  /** Git's blob id: SHA-1 over the word blob, the size and the content. */
  private static String gitBlob(Path file) throws IOException {
    MessageDigest digest = digest("SHA-1");
    digest.update("blob %d\0".formatted(Files.size(file)).getBytes(StandardCharsets.US_ASCII));
    return digest(file, digest);
  }

  private static String digest(Path file, MessageDigest digest) throws IOException {
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }
}
