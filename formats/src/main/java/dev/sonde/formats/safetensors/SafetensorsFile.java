package dev.sonde.formats.safetensors;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.LfsPointer;
import dev.sonde.formats.json.Json;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One safetensors file, memory-mapped: opening reads the header only. The header is checked as the
 * specification demands: known types, sizes that match shapes, tensors that lie in the file,
 * neither overlap nor leave holes.
 */
public final class SafetensorsFile {
  /** The longest header that the reference implementation accepts. */
  private static final long LONGEST_HEADER = 100_000_000;

  private static final int LENGTH_BYTES = Long.BYTES;
  private static final ValueLayout.OfLong LITTLE_LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path path;
  private final Map<String, Tensor> tensors;
  private final Map<String, String> metadata;

  private SafetensorsFile(Path path, Map<String, Tensor> tensors, Map<String, String> metadata) {
    this.path = path;
    this.tensors = Collections.unmodifiableMap(tensors);
    this.metadata = Collections.unmodifiableMap(metadata);
  }

  /**
   * Maps a file.
   *
   * @param arena decides how long the tensors can be read
   * @throws FormatException naming file and offset if the file is missing, truncated or malformed
   */
  public static SafetensorsFile open(Path path, Arena arena) {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size < LENGTH_BYTES) {
        throw new FormatException(path, "has %d bytes, too few for a header".formatted(size));
      }
      return parse(path, channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena));
    } catch (IOException e) {
      throw new FormatException(path, "cannot be read: " + e.getMessage(), e);
    }
  }

  private static SafetensorsFile parse(Path path, MemorySegment file) {
    LfsPointer.check(path, file);
    long length = file.get(LITTLE_LONG, 0);
    if (length < 2 || length > Math.min(LONGEST_HEADER, file.byteSize() - LENGTH_BYTES)) {
      throw new FormatException(
          path,
          "offset 0: a header of %s bytes does not fit a file of %d"
              .formatted(Long.toUnsignedString(length), file.byteSize()));
    }
    byte[] header = file.asSlice(LENGTH_BYTES, length).toArray(ValueLayout.JAVA_BYTE);
    MemorySegment data = file.asSlice(LENGTH_BYTES + length);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    List<Range> ranges = new ArrayList<>();
    Json.object(path, header)
        .forEach(
            (name, entry) -> {
              Header fields = new Header(path, name, entry);
              if (name.equals("__metadata__")) {
                metadata.putAll(fields.texts());
              } else {
                Range range = fields.range(data.byteSize());
                ranges.add(range);
                MemorySegment bytes = data.asSlice(range.from, range.to - range.from);
                tensors.put(name, new Tensor(name, fields.dtype(), fields.shape(), bytes));
              }
            });
    checkCoverage(path, ranges, data.byteSize());
    return new SafetensorsFile(path, tensors, metadata);
  }

  private static void checkCoverage(Path path, List<Range> ranges, long size) {
    long covered = 0;
    ranges.sort(Comparator.comparingLong(Range::from).thenComparingLong(Range::to));
    for (Range range : ranges) {
      if (range.from != covered) {
        throw new FormatException(
            path,
            "data offset %d: tensor '%s' %s"
                .formatted(
                    range.from,
                    range.name,
                    range.from < covered ? "overlaps another" : "leaves a hole before it"));
      }
      covered = range.to;
    }
    if (covered != size) {
      throw new FormatException(
          path, "data offset %d: %d bytes belong to no tensor".formatted(covered, size - covered));
    }
  }

  /** The file. */
  public Path path() {
    return path;
  }

  /** Tensors by name, in header order. */
  public Map<String, Tensor> tensors() {
    return tensors;
  }

  /** The free text pairs of the header. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /**
   * A tensor.
   *
   * @throws FormatException if the file has none of that name
   */
  public Tensor tensor(String name) {
    Tensor found = tensors.get(name);
    if (found == null) {
      throw new FormatException(path, "has no tensor '" + name + "'");
    }
    return found;
  }

  private record Range(String name, long from, long to) {}

  /** One entry of the header, checked field by field. */
  private record Header(Path path, String name, Object entry) {
    private Map<?, ?> map() {
      if (entry instanceof Map<?, ?> map) {
        return map;
      }
      throw problem("is not an object");
    }

    Map<String, String> texts() {
      Map<String, String> texts = new LinkedHashMap<>();
      map()
          .forEach(
              (key, value) -> {
                if (!(value instanceof String text)) {
                  throw problem("'" + key + "' is not a text");
                }
                texts.put((String) key, text);
              });
      return texts;
    }

    DType dtype() {
      Object given = map().get("dtype");
      for (DType type : DType.values()) {
        if (type.name().equals(given)) {
          return type;
        }
      }
      throw problem("dtype " + given + " is not supported");
    }

    List<Long> shape() {
      return longs("shape");
    }

    Range range(long dataSize) {
      List<Long> offsets = longs("data_offsets");
      if (offsets.size() != 2) {
        throw problem("data_offsets must be two numbers");
      }
      long from = offsets.getFirst();
      long to = offsets.getLast();
      if (from > to || to > dataSize) {
        throw problem(
            "[%d, %d) lies outside the %d bytes of data: the file is incomplete, download it again"
                .formatted(from, to, dataSize));
      }
      long expected = dtype().bytes();
      try {
        for (long dimension : shape()) {
          expected = Math.multiplyExact(expected, dimension);
        }
      } catch (ArithmeticException e) {
        throw problem("shape " + shape() + " overflows");
      }
      if (expected != to - from) {
        throw problem(
            "shape %s of %s needs %d bytes, data_offsets give %d"
                .formatted(shape(), dtype(), expected, to - from));
      }
      return new Range(name, from, to);
    }

    private List<Long> longs(String field) {
      if (!(map().get(field) instanceof List<?> list)) {
        throw problem(field + " is missing or no list");
      }
      List<Long> numbers = new ArrayList<>();
      for (Object item : list) {
        if (!(item instanceof Long number) || number < 0) {
          throw problem(field + " holds " + item);
        }
        numbers.add(number);
      }
      return numbers;
    }

    private FormatException problem(String what) {
      return new FormatException(path, "header: tensor '%s': %s".formatted(name, what));
    }
  }
}
