package dev.sonde.formats.safetensors;

import java.io.IOException;
import java.io.StringWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes safetensors files: whole tensors at once ({@link #write}), or a file whose header stands
 * first and whose tensors are then filled by position through memory mappings ({@link #create}).
 */
public final class SafetensorsWriter {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int ALIGNMENT = 64;

  private SafetensorsWriter() {}

  /**
   * What a tensor will look like.
   *
   * @param name its key
   * @param dtype its number type
   * @param shape its sizes, outermost first
   */
  public record Slot(String name, DType dtype, List<Long> shape) {
    /** A slot with its shape copied. */
    public Slot {
      shape = List.copyOf(shape);
    }

    /** Bytes of the tensor. */
    public long bytes() {
      return shape.stream().mapToLong(Long::longValue).reduce(dtype.bytes(), (a, b) -> a * b);
    }
  }

  /**
   * Creates a file of the given tensors, filled with zeros, and maps it for writing.
   *
   * @param arena closing it ends the mapping; the numbers are then in the file
   * @return per tensor name its bytes
   */
  public static Map<String, MemorySegment> create(
      Path file, Collection<Slot> slots, Map<String, String> metadata, Arena arena)
      throws IOException {
    byte[] header = header(slots, metadata);
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      writeFully(channel, ByteBuffer.wrap(header));
      long size = slots.stream().mapToLong(Slot::bytes).sum();
      reserve(channel, header.length, size);
      Map<String, MemorySegment> segments = new LinkedHashMap<>();
      MemorySegment data = channel.map(FileChannel.MapMode.READ_WRITE, header.length, size, arena);
      long offset = 0;
      for (Slot slot : slots) {
        segments.put(slot.name(), data.asSlice(offset, slot.bytes()));
        offset += slot.bytes();
      }
      return segments;
    }
  }

  /** Creates a file of a single tensor; see {@link #create(Path, Collection, Map, Arena)}. */
  public static MemorySegment create(
      Path file, Slot slot, Map<String, String> metadata, Arena arena) throws IOException {
    return create(file, List.of(slot), metadata, arena).values().iterator().next();
  }

  /** Writes zeros, so that a full disk is an error here and not a fault at a mapped page later. */
  private static void reserve(FileChannel channel, long from, long size) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
    for (long done = 0; done < size; ) {
      zeros.clear().limit((int) Math.min(zeros.capacity(), size - done));
      done += channel.write(zeros, from + done);
    }
  }

  /** Writes a new file with whole tensors. */
  public static void write(Path file, List<Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    List<Slot> slots = tensors.stream().map(t -> new Slot(t.name(), t.dtype(), t.shape())).toList();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      writeFully(channel, ByteBuffer.wrap(header(slots, metadata)));
      for (Tensor tensor : tensors) {
        writeFully(channel, tensor.data());
      }
    }
  }

  private static void writeFully(FileChannel channel, MemorySegment data) throws IOException {
    long step = 1 << 30;
    for (long from = 0; from < data.byteSize(); from += step) {
      writeFully(
          channel, data.asSlice(from, Math.min(step, data.byteSize() - from)).asByteBuffer());
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** The length and the JSON header, padded with spaces so that the data begins aligned. */
  private static byte[] header(Collection<Slot> slots, Map<String, String> metadata) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectPropertyStart("__metadata__");
        // By name: an unmodifiable map has another order in each process.
        new TreeMap<>(metadata).forEach(json::writeStringProperty);
        json.writeEndObject();
      }
      long offset = 0;
      for (Slot slot : slots) {
        json.writeObjectPropertyStart(slot.name());
        json.writeStringProperty("dtype", slot.dtype().name());
        json.writeArrayPropertyStart("shape");
        slot.shape().forEach(json::writeNumber);
        json.writeEndArray();
        json.writeArrayPropertyStart("data_offsets");
        json.writeNumber(offset);
        offset += slot.bytes();
        json.writeNumber(offset);
        json.writeEndArray();
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    int total = Math.ceilDiv(Long.BYTES + bytes.length, ALIGNMENT) * ALIGNMENT;
    ByteBuffer header = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(total - Long.BYTES).put(bytes);
    while (header.hasRemaining()) {
      header.put((byte) ' ');
    }
    return header.array();
  }

  /**
   * Creates tensors as {@code stem.safetensors}, or where they are larger than one shard may be as
   * {@code stem-00001-of-000NN.safetensors} with an index beside them; see {@link #create(Path,
   * Collection, Map, Arena)}.
   *
   * @param shardBytes the most bytes of one file; a larger tensor gets a file of its own
   * @return per tensor name its bytes
   */
  public static Map<String, MemorySegment> createSharded(
      Path folder,
      String stem,
      List<Slot> slots,
      Map<String, String> metadata,
      long shardBytes,
      Arena arena)
      throws IOException {
    List<List<Slot>> shards = shards(slots, shardBytes);
    if (shards.size() == 1) {
      return create(folder.resolve(stem + ".safetensors"), slots, metadata, arena);
    }
    Map<String, String> weightMap = new LinkedHashMap<>();
    Map<String, MemorySegment> segments = new LinkedHashMap<>();
    for (int i = 0; i < shards.size(); i++) {
      String name = "%s-%05d-of-%05d.safetensors".formatted(stem, i + 1, shards.size());
      segments.putAll(create(folder.resolve(name), shards.get(i), metadata, arena));
      shards.get(i).forEach(slot -> weightMap.put(slot.name(), name));
    }
    long total = slots.stream().mapToLong(Slot::bytes).sum();
    ShardIndex.write(folder.resolve(stem + ShardIndex.SUFFIX), weightMap, total);
    return segments;
  }

  private static List<List<Slot>> shards(List<Slot> slots, long shardBytes) {
    List<List<Slot>> shards = new ArrayList<>(List.of(new ArrayList<>()));
    long filled = 0;
    for (Slot slot : slots) {
      if (filled > 0 && filled + slot.bytes() > shardBytes) {
        shards.add(new ArrayList<>());
        filled = 0;
      }
      shards.getLast().add(slot);
      filled += slot.bytes();
    }
    return shards;
  }
}
