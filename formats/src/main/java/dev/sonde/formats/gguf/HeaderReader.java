package dev.sonde.formats.gguf;

import dev.sonde.formats.LfsPointer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the header of one file: its version, its metadata, where its tensors lie. */
final class HeaderReader {
  /** {@code GGUF} in ASCII, read as a little-endian number. */
  static final int MAGIC = 0x46554747;

  private static final int OLDEST_VERSION = 2;
  static final int NEWEST_VERSION = 3;

  /** A key's length, its type, one byte of value. */
  private static final int LEAST_PAIR = Long.BYTES + Integer.BYTES + 1;

  /** A name's length, the number of sizes, one size, the type, the offset. */
  private static final int LEAST_TENSOR = 3 * Long.BYTES + 2 * Integer.BYTES;

  /** {@code GGML_MAX_DIMS}. */
  private static final int MOST_SIZES = 4;

  /** No known file nests arrays at all; the specification allows it. */
  private static final int DEEPEST = 8;

  static final String ALIGNMENT = "general.alignment";
  static final long DEFAULT_ALIGNMENT = 32;

  /** A page of the largest kind in use; writers know 32, some 64. */
  private static final long LARGEST_ALIGNMENT = 1 << 16;

  private final Path file;
  private final MemorySegment bytes;
  private final HeaderCursor cursor;

  HeaderReader(Path file, MemorySegment bytes) {
    this.file = file;
    this.bytes = bytes;
    this.cursor = new HeaderCursor(file, bytes);
  }

  GgufFile read() {
    checkVersion();
    int tensorCount = cursor.count("tensors", LEAST_TENSOR);
    int pairCount = cursor.count("metadata pairs", LEAST_PAIR);
    Map<String, GgufPair> metadata = new LinkedHashMap<>();
    long alignment = DEFAULT_ALIGNMENT;
    for (int i = 0; i < pairCount; i++) {
      String key = cursor.text("a metadata key");
      if (metadata.containsKey(key)) {
        throw cursor.problem("metadata '" + key + "' is there twice");
      }
      GgufPair pair = pair(key);
      metadata.put(key, pair);
      if (key.equals(ALIGNMENT)) {
        alignment = alignment(pair.value());
      }
    }
    List<Info> infos = new ArrayList<>();
    for (int i = 0; i < tensorCount; i++) {
      infos.add(info());
    }
    return new GgufFile(file, new GgufMetadata(file, metadata.values()), place(infos, alignment));
  }

  private void checkVersion() {
    LfsPointer.check(file, bytes);
    if (cursor.left() < Integer.BYTES || cursor.u32("the magic number") != MAGIC) {
      throw cursor.problem("does not begin with GGUF");
    }
    int version = cursor.u32("the version");
    if (version < OLDEST_VERSION || version > NEWEST_VERSION) {
      boolean swapped = Integer.reverseBytes(version) == NEWEST_VERSION;
      throw cursor.problem(
          swapped
              ? "is big-endian; only little-endian files are read"
              : "has version %s; versions %d and %d are read: convert the model again"
                  .formatted(Integer.toUnsignedString(version), OLDEST_VERSION, NEWEST_VERSION));
    }
  }

  private long alignment(Object value) {
    if (value instanceof Long alignment
        && Long.bitCount(alignment) == 1
        && alignment > 0
        && alignment <= LARGEST_ALIGNMENT) {
      return alignment;
    }
    throw cursor.problem(
        "%s is %s, not a power of two up to %d".formatted(ALIGNMENT, value, LARGEST_ALIGNMENT));
  }

  private GgufPair pair(String key) {
    String what = "metadata '" + key + "'";
    ValueType type = valueType(what);
    Object value =
        switch (type) {
          case STRING -> cursor.text(what);
          case ARRAY -> array(what, DEEPEST);
          default -> {
            long start = cursor.skip(type.bytes(), what);
            checkFlags(type, start, 1, what);
            yield type.scalar(bytes, start);
          }
        };
    return new GgufPair(key, type, value);
  }

  private ValueType valueType(String what) {
    int id = cursor.u32("the type of " + what);
    return ValueType.of(id)
        .orElseThrow(
            () ->
                cursor.problem(
                    "%s has unknown type %s".formatted(what, Integer.toUnsignedString(id))));
  }

  private List<?> array(String what, int depth) {
    if (depth == 0) {
      throw cursor.problem(what + " nests arrays more than " + DEEPEST + " deep");
    }
    ValueType type = valueType("an element of " + what);
    int count = cursor.count("elements of " + what, type.bytes());
    switch (type) {
      case STRING -> {
        long[] starts = new long[count];
        for (int i = 0; i < count; i++) {
          starts[i] = cursor.skipText("a text of " + what);
        }
        return new TextList(file, bytes, starts);
      }
      case ARRAY -> {
        List<List<?>> lists = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          lists.add(array(what, depth - 1));
        }
        return Collections.unmodifiableList(lists);
      }
      default -> {
        long start = cursor.skip((long) count * type.bytes(), what);
        checkFlags(type, start, count, what);
        return new FixedList(type, bytes.asSlice(start, (long) count * type.bytes()));
      }
    }
  }

  private void checkFlags(ValueType type, long start, int count, String what) {
    for (int i = 0; type == ValueType.BOOL && i < count; i++) {
      if (bytes.get(ValueLayout.JAVA_BYTE, start + i) >>> 1 != 0) {
        throw cursor.problem(what + " is neither true nor false");
      }
    }
  }

  /** What the header says of a tensor; its offset counts from the first byte after the header. */
  private record Info(String name, GgufType type, List<Long> shape, long offset, long size) {}

  private Info info() {
    String name = cursor.text("a tensor's name");
    String what = "tensor '" + name + "'";
    int sizes = cursor.u32("the number of sizes of " + what);
    if (sizes < 1 || sizes > MOST_SIZES) {
      throw cursor.problem(
          "%s has %s sizes, not 1 to %d"
              .formatted(what, Integer.toUnsignedString(sizes), MOST_SIZES));
    }
    List<Long> innermostFirst = new ArrayList<>();
    for (int i = 0; i < sizes; i++) {
      innermostFirst.add(cursor.u64("a size of " + what));
    }
    int id = cursor.u32("the type of " + what);
    GgufType type =
        GgufType.of(id)
            .orElseThrow(
                () ->
                    cursor.problem(
                        "%s has unknown type %s".formatted(what, Integer.toUnsignedString(id))));
    long offset = cursor.u64("the offset of " + what);
    return new Info(
        name, type, innermostFirst.reversed(), offset, size(what, type, innermostFirst));
  }

  private long size(String what, GgufType type, List<Long> innermostFirst) {
    long count = 1;
    try {
      for (long size : innermostFirst) {
        if (size <= 0) {
          throw cursor.problem("%s has the sizes %s".formatted(what, innermostFirst));
        }
        count = Math.multiplyExact(count, size);
      }
      if (innermostFirst.getFirst() % type.blockElements() != 0) {
        throw cursor.problem(
            "%s has rows of %d numbers, which are no blocks of %d as %s has them"
                .formatted(what, innermostFirst.getFirst(), type.blockElements(), type));
      }
      return Math.multiplyExact(count / type.blockElements(), (long) type.blockBytes());
    } catch (ArithmeticException e) {
      throw cursor.problem("%s has the sizes %s, which overflow".formatted(what, innermostFirst));
    }
  }

  private Map<String, GgufTensor> place(List<Info> infos, long alignment) {
    long start = Math.ceilDiv(cursor.at(), alignment) * alignment;
    long available = bytes.byteSize() - start;
    Map<String, GgufTensor> tensors = new LinkedHashMap<>();
    for (Info info : infos) {
      boolean outside = info.size > available || info.offset > available - info.size;
      if (info.offset < 0 || info.offset % alignment != 0 || outside) {
        throw cursor.problem(
            "tensor '%s' has %d bytes from offset %s, which must be a multiple of %d inside the %d bytes of data"
                .formatted(
                    info.name,
                    info.size,
                    Long.toUnsignedString(info.offset),
                    alignment,
                    Math.max(available, 0)));
      }
      MemorySegment data = bytes.asSlice(start + info.offset, info.size);
      GgufTensor tensor = new GgufTensor(file, info.name, info.type, info.shape, data);
      if (tensors.put(info.name, tensor) != null) {
        throw cursor.problem("tensor '" + info.name + "' is there twice");
      }
    }
    checkOverlaps(infos);
    return tensors;
  }

  private void checkOverlaps(List<Info> infos) {
    List<Info> sorted = infos.stream().sorted(Comparator.comparingLong(Info::offset)).toList();
    for (int i = 1; i < sorted.size(); i++) {
      Info before = sorted.get(i - 1);
      if (sorted.get(i).offset < before.offset + before.size) {
        throw cursor.problem(
            "tensors '%s' and '%s' overlap".formatted(before.name, sorted.get(i).name));
      }
    }
  }
}
