package dev.sonde.formats;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * SHA-256 of files. Hashes of large files are remembered in a cache folder under path, size, times
 * and inode, so that a second run does not read the weights again. That a file's times are as they
 * were is no proof: where a hash is one, it is computed {@link #afresh}.
 */
public final class ContentHash {
  private static final System.Logger LOG = System.getLogger(ContentHash.class.getName());
  private static final int BUFFER = 1 << 20;
  private static final long WORTH_REMEMBERING = 1 << 20;
  private static final int HASH_DIGITS = 64;

  private final Path cache;

  /** Hashes that are remembered in the given folder, which need not exist. */
  public ContentHash(Path cache) {
    this.cache = cache;
  }

  /** One hash over the names and contents of some files, in the given order. */
  public String of(List<Path> files) {
    return over(files, this::of);
  }

  private static String over(List<Path> files, Function<Path, String> hash) {
    MessageDigest digest = sha256();
    for (Path file : files) {
      digest.update(String.valueOf(file.getFileName()).getBytes(StandardCharsets.UTF_8));
      digest.update(HexFormat.of().parseHex(hash.apply(file)));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The hash of one file; of a folder that over all files in it, in the order of their paths. */
  public String of(Path file) {
    if (Files.isDirectory(file)) {
      return of(filesIn(file));
    }
    try {
      if (Files.size(file) < WORTH_REMEMBERING) {
        return compute(file);
      }
      String key = key(file.toRealPath());
      Optional<String> remembered = recall(key);
      if (remembered.isPresent()) {
        return remembered.get();
      }
      String hash = compute(file);
      if (key.equals(key(file.toRealPath()))) {
        remember(key, hash);
      }
      return hash;
    } catch (IOException e) {
      throw new FormatException(file, "cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * The hash of what one file holds now, whatever is remembered of it.
   *
   * @throws FormatException if it cannot be read
   */
  public static String afresh(Path file) {
    try {
      return compute(file);
    } catch (IOException e) {
      throw new FormatException(file, "cannot be read: " + e.getMessage(), e);
    }
  }

  /** The same over several files as {@link #of(List)}, each read now. */
  public static String afresh(List<Path> files) {
    return over(files, ContentHash::afresh);
  }

  private static List<Path> filesIn(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new FormatException(folder, "cannot be read: " + e.getMessage(), e);
    }
  }

  /** A remembered hash; none where what is remembered is not what was written. */
  private Optional<String> recall(String key) {
    try {
      String entry = Files.readString(cache.resolve(key));
      String hash = entry.substring(0, Math.min(HASH_DIGITS, entry.length()));
      return entry.equals(entry(key, hash)) ? Optional.of(hash) : Optional.empty();
    } catch (IOException nothing) {
      return Optional.empty();
    }
  }

  /** What cannot be remembered is computed again: no reason to fail. */
  private void remember(String key, String hash) {
    try {
      Files.createDirectories(cache);
      WholeFile.write(cache.resolve(key), entry(key, hash).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a hash is not remembered", e);
    }
  }

  /** The hash, and a hash over it and its key, so that a damaged entry is seen to be one. */
  private static String entry(String key, String hash) {
    return hash + " " + of((key + hash).getBytes(StandardCharsets.UTF_8)) + "\n";
  }

  /** The hash of some bytes. */
  public static String of(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  /** The hash of a segment's bytes, however many they are. */
  public static String of(MemorySegment segment) {
    MessageDigest digest = sha256();
    for (long from = 0; from < segment.byteSize(); from += BUFFER) {
      digest.update(
          segment.asSlice(from, Math.min(BUFFER, segment.byteSize() - from)).asByteBuffer());
    }
    return HexFormat.of().formatHex(digest.digest());
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

  /**
   * Where the file system has them, the time of the last change of any kind and the inode count.
   */
  private static String key(Path file) throws IOException {
    boolean unix = file.getFileSystem().supportedFileAttributeViews().contains("unix");
    Map<String, Object> state =
        new TreeMap<>(
            Files.readAttributes(
                file, unix ? "unix:size,lastModifiedTime,ctime,ino" : "size,lastModifiedTime"));
    return of((file + "\n" + state).getBytes(StandardCharsets.UTF_8));
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
