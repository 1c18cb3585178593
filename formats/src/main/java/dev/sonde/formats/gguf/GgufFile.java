package dev.sonde.formats.gguf;

import dev.sonde.formats.FormatException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One GGUF file of version 2 or 3, little-endian, memory-mapped: opening reads the header only. The
 * header is checked as a stranger's: counts and lengths against the bytes left before anything is
 * allocated, keys and names for duplicates, tensors for lying aligned inside the file without
 * overlapping.
 */
public final class GgufFile {
  /** How the names of the files of a model in parts end. */
  private static final Pattern PART = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})(\\.gguf)");

  private final Path path;
  private final GgufMetadata metadata;
  private final Map<String, GgufTensor> tensors;
  private final List<Path> parts;

  GgufFile(Path path, GgufMetadata metadata, Map<String, GgufTensor> tensors) {
    this(path, metadata, tensors, List.of(path));
  }

  private GgufFile(
      Path path, GgufMetadata metadata, Map<String, GgufTensor> tensors, List<Path> parts) {
    this.path = path;
    this.metadata = metadata;
    this.tensors = Collections.unmodifiableMap(tensors);
    this.parts = List.copyOf(parts);
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

  /**
   * Maps a file and, if it is the first of a model in parts ({@code -00001-of-00003}), the others
   * beside it.
   *
   * @throws FormatException if a part is missing or incomplete, or the file is another one than the
   *     first
   */
  public static GgufFile openWhole(Path path, Arena arena) {
    GgufFile first = open(path, arena);
    long count = first.metadata.whole("split.count").orElse(1L);
    if (count <= 1) {
      return first;
    }
    Matcher name = PART.matcher(String.valueOf(path.getFileName()));
    if (!name.matches()) {
      throw new FormatException(
          path,
          "is one of the %d parts of a model, whose names must end in -00001-of-%05d.gguf"
              .formatted(count, count));
    }
    long number = first.metadata.whole("split.no").orElse(0L);
    if (number != 0) {
      throw new FormatException(
          path,
          "is part %d of the %d of a model; name the first, %s"
              .formatted(number + 1, count, name(name, 1, count)));
    }
    Map<String, GgufTensor> all = new LinkedHashMap<>(first.tensors);
    List<Path> parts = new ArrayList<>(List.of(path));
    for (long part = 2; part <= count; part++) {
      Path file = path.resolveSibling(name(name, part, count));
      GgufFile further = open(file, arena);
      further.tensors.forEach(
          (tensor, content) -> {
            if (all.put(tensor, content) != null) {
              throw new FormatException(file, "has tensor '" + tensor + "' of an earlier part");
            }
          });
      parts.add(file);
    }
    long named = first.metadata.whole("split.tensors.count").orElse((long) all.size());
    if (named != all.size()) {
      throw new FormatException(
          path,
          "says that its parts have %d tensors, and they have %d".formatted(named, all.size()));
    }
    return new GgufFile(path, first.metadata, all, parts);
  }

  private static String name(Matcher matched, long part, long count) {
    return "%s-%05d-of-%05d%s".formatted(matched.group(1), part, count, matched.group(4));
  }

  /** The file, or the first of its parts. */
  public Path path() {
    return path;
  }

  /** All files that it consists of. */
  public List<Path> parts() {
    return parts;
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
