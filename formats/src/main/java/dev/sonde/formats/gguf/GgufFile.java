package dev.sonde.formats.gguf;

import dev.sonde.formats.FormatException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;

/**
 * One GGUF file of version 2 or 3, little-endian, memory-mapped: opening reads the header only. The
 * header is checked as a stranger's: counts and lengths against the bytes left before anything is
 * allocated, keys and names for duplicates, tensors for lying aligned inside the file without
 * overlapping.
 */
public final class GgufFile {
  private final Path path;
  private final GgufMetadata metadata;
  private final Map<String, GgufTensor> tensors;

  GgufFile(Path path, GgufMetadata metadata, Map<String, GgufTensor> tensors) {
    this.path = path;
    this.metadata = metadata;
    this.tensors = Collections.unmodifiableMap(tensors);
  }

  /**
   * Maps a file.
   *
   * @param arena decides how long metadata and tensors can be read
   * @throws FormatException naming file and byte if the file is missing, truncated or malformed
   */
  public static GgufFile open(Path path, Arena arena) {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      return new HeaderReader(path, bytes).read();
    } catch (IOException e) {
      throw new FormatException(path, "cannot be read: " + e.getMessage(), e);
    }
  }

  /** The file. */
  public Path path() {
    return path;
  }

  /** Its key-value pairs. */
  public GgufMetadata metadata() {
    return metadata;
  }

  /** Its tensors by name, in header order. */
  public Map<String, GgufTensor> tensors() {
    return tensors;
  }

  /**
   * A tensor.
   *
   * @throws FormatException if the file has none of that name
   */
  public GgufTensor tensor(String name) {
    GgufTensor found = tensors.get(name);
    if (found == null) {
      throw new FormatException(path, "has no tensor '" + name + "'");
    }
    return found;
  }
}
