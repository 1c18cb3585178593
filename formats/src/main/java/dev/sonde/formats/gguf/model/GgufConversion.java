package dev.sonde.formats.gguf.model;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.ScratchFolder;
import dev.sonde.formats.json.JsonText;
import dev.sonde.formats.safetensors.DType;
import dev.sonde.formats.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Writes a GGUF file as a Hugging Face folder: config.json, model.safetensors, tokenizer.json,
 * tokenizer_config.json and generation_config.json. Numbers that are stored as F16 or BF16 stay so;
 * all others become float32.
 */
public final class GgufConversion {
  /** Largest file of weights, as Hugging Face's tools cut them in transformers 4. */
  private static final long SHARD_BYTES = 4L << 30;

  /** Numbers narrowed in one go. */
  private static final int RUN = 1 << 20;

  private static final ValueLayout.OfShort HALF =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private GgufConversion() {}

  /** Told about every weight that was written. */
  @FunctionalInterface
  public interface Progress {
    /**
     * A weight was written.
     *
     * @param weight its name
     * @param done bytes of weights written so far
     * @param total bytes of all weights
     */
    void wrote(String weight, long done, long total);
  }

  /**
   * Converts a file. The folder appears under its name when it is complete and on the disk; until
   * then its files stand in a {@link ScratchFolder}, which a conversion that fails deletes, and one
   * that is killed leaves to the next.
   *
   * @param folder must not exist; its parent must
   * @throws FormatException if the file is malformed or not supported
   * @throws FileAlreadyExistsException if the folder exists
   */
  public static void convert(Path gguf, Path folder, Progress progress) throws IOException {
    if (Files.exists(folder)) {
      throw new FileAlreadyExistsException(folder.toString());
    }
    try (Arena arena = Arena.ofShared()) {
      GgufModel model = GgufModel.open(gguf, arena);
      byte[] tokenizer = model.tokenizer();
      model.arranged().values().forEach(GgufConversion::decodeOne);
      try (ScratchFolder scratch = ScratchFolder.beside(folder)) {
        Path partial = scratch.content();
        writeWeights(model.arranged().values(), partial, progress);
        Files.write(partial.resolve("tokenizer.json"), tokenizer);
        write(partial.resolve("tokenizer_config.json"), model.tokenizerConfig());
        write(partial.resolve("generation_config.json"), model.generationConfig());
        write(partial.resolve("config.json"), model.config());
        scratch.publishAs(folder);
      }
    }
  }

  /** Refuses what cannot be decoded before anything is written. */
  private static void decodeOne(Arranged weight) {
    weight.copyFloats(0, MemorySegment.ofArray(new float[1]), 1);
  }

  private static void write(Path file, Map<String, Object> fields) throws IOException {
    Files.write(file, JsonText.of(fields));
  }

  private static void writeWeights(Collection<Arranged> weights, Path folder, Progress progress)
      throws IOException {
    List<SafetensorsWriter.Slot> slots =
        weights.stream()
            .map(w -> new SafetensorsWriter.Slot(w.name(), w.dtype(), w.shape()))
            .toList();
    long total = slots.stream().mapToLong(SafetensorsWriter.Slot::bytes).sum();
    long done = 0;
    try (Arena arena = Arena.ofShared()) {
      Map<String, MemorySegment> cells =
          SafetensorsWriter.createSharded(
              folder, "model", slots, Map.of("format", "pt"), SHARD_BYTES, arena);
      for (Arranged weight : weights) {
        MemorySegment target = Objects.requireNonNull(cells.get(weight.name()));
        copy(weight, target);
        done += target.byteSize();
        progress.wrote(weight.name(), done, total);
      }
    }
  }

  private static void copy(Arranged weight, MemorySegment target) {
    if (weight.dtype() == DType.F32) {
      weight.copyFloats(0, target, weight.count());
      return;
    }
    MemorySegment numbers = MemorySegment.ofArray(new float[RUN]);
    for (long from = 0; from < weight.count(); from += RUN) {
      int count = (int) Math.min(RUN, weight.count() - from);
      weight.copyFloats(from, numbers, count);
      narrow(
          numbers,
          weight.dtype(),
          target.asSlice(from * Short.BYTES, (long) count * Short.BYTES),
          count);
    }
  }

  /** Writes numbers that F16 or BF16 holds exactly. */
  private static void narrow(MemorySegment numbers, DType type, MemorySegment target, int count) {
    for (int i = 0; i < count; i++) {
      float number = numbers.getAtIndex(ValueLayout.JAVA_FLOAT, i);
      short bits =
          type == DType.F16
              ? Float.floatToFloat16(number)
              : (short) (Float.floatToRawIntBits(number) >>> Short.SIZE);
      target.set(HALF, (long) i * Short.BYTES, bits);
    }
  }
}
