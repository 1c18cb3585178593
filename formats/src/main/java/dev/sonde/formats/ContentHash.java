package dev.sonde.formats;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * SHA-256 of files. Hashes of large files are remembered in a cache folder under path, size and
 * modification time, so that a second run does not read the weights again.
 */
public final class ContentHash {
  private static final System.Logger LOG = System.getLogger(ContentHash.class.getName());
  private static final int BUFFER = 1 << 20;
  private static final long WORTH_REMEMBERING = 1 << 20;

  private final Path cache;

  /** Hashes that are remembered in the given folder, which need not exist. */
  public ContentHash(Path cache) {
    this.cache = cache;
  }

  /** One hash over the names and contents of some files, in the given order. */
  public String of(List<Path> files) {
    MessageDigest digest = sha256();
    for (Path file : files) {
      digest.update(String.valueOf(file.getFileName()).getBytes(StandardCharsets.UTF_8));
      digest.update(HexFormat.of().parseHex(of(file)));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The hash of one file; of a folder that over all files in it, in the order of their paths. */
  public String of(Path file) {
    if (Files.isDirectory(file)) {
      return of(filesIn(file));
    }
    try {
      long size = Files.size(file);
      if (size < WORTH_REMEMBERING) {
        return compute(file);
      }
      Path remembered = cache.resolve(key(file.toRealPath(), size));
      if (Files.exists(remembered)) {
        return Files.readString(remembered).strip();
      }
      String hash = compute(file);
      remember(remembered, hash);
      return hash;
    } catch (IOException e) {
      throw new FormatException(file, "cannot be read: " + e.getMessage(), e);
    }
  }

  private static List<Path> filesIn(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new FormatException(folder, "cannot be read: " + e.getMessage(), e);
    }
  }

  /** What cannot be remembered is computed again: no reason to fail. */
  private void remember(Path remembered, String hash) {
    try {
      Files.createDirectories(cache);
      Path fresh = Files.createTempFile(cache, "hash", ".tmp");
      Files.writeString(fresh, hash);
      Files.move(fresh, remembered, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a hash is not remembered", e);
    }
  }

  /** The hash of some bytes. */
  public static String of(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  /** The hash of some weights, their names and numbers, as float32 in native byte order. */
  public static String ofWeights(Iterable<? extends Weight> weights) {
    MessageDigest digest = sha256();
    for (Weight weight : weights) {
      digest.update(weight.name().getBytes(StandardCharsets.UTF_8));
      for (long from = 0; from < weight.count(); from += BUFFER) {
        float[] numbers = new float[(int) Math.min(BUFFER, weight.count() - from)];
        weight.copyFloats(from, MemorySegment.ofArray(numbers), numbers.length);
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Float.BYTES);
        bytes.order(ByteOrder.nativeOrder()).asFloatBuffer().put(numbers);
        digest.update(bytes.array());
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The hash of some token ids. */
  public static String of(Iterable<int[]> rows) {
    MessageDigest digest = sha256();
    for (int[] row : rows) {
      ByteBuffer bytes = ByteBuffer.allocate((row.length + 1) * Integer.BYTES);
      bytes.putInt(row.length).asIntBuffer().put(row);
      digest.update(bytes.array());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static String key(Path file, long size) throws IOException {
    String identity = file + "\n" + size + "\n" + Files.getLastModifiedTime(file).toInstant();
    return of(identity.getBytes(StandardCharsets.UTF_8));
  }

  private static String compute(Path file) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
