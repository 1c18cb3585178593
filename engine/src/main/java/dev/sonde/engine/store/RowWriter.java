package dev.sonde.engine.store;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.model.Rows;
import dev.sonde.engine.host.Unwritable;
import dev.sonde.formats.WholeFile;
import dev.sonde.formats.safetensors.DType;
import dev.sonde.formats.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Writes the rows of one read into a file of its own, each at its place, in whatever order they
 * come. The file appears under its name only when it is complete.
 */
final class RowWriter implements AutoCloseable {
  private final Path file;
  private final Path unfinished;
  private final RowLayout layout;
  private final Arena arena;
  private final MemorySegment cells;
  private final int width;
  private long missing;

  /**
   * Begins a chunk.
   *
   * @param file what it will be called
   * @param nursery the folder in which it grows, on the same disk
   * @param metadata with an open {@link Checksum}
   */
  RowWriter(Path file, Path nursery, RowLayout layout, int width, Map<String, String> metadata) {
    this.file = file;
    this.layout = layout;
    this.width = width;
    this.missing = layout.rows();
    this.arena = Arena.ofShared();
    this.unfinished = nursery.resolve(UUID.randomUUID() + ChunkFile.ENDING);
    try {
      Files.createDirectories(file.getParent());
      Files.createDirectories(nursery);
      var slot =
          new SafetensorsWriter.Slot(
              ChunkFile.ROWS, DType.F32, List.of(layout.rows(), (long) width));
      this.cells = SafetensorsWriter.create(unfinished, slot, metadata, arena);
    } catch (IOException e) {
      arena.close();
      throw unwritable(unfinished, e);
    }
  }

  static InvalidInputException unwritable(Path file, IOException e) {
    return new InvalidInputException(
        Unwritable.message(file, e, "another folder with SONDE_CACHE"), e);
  }

  void accept(Rows rows) {
    if (rows.width() != width) {
      throw new IllegalStateException(
          "%s: rows of width %d after rows of width %d"
              .formatted(rows.read(), rows.width(), width));
    }
    long bytes = (long) width * Float.BYTES;
    for (int i = 0; i < rows.count(); i++) {
      long row = layout.row(rows.sequences()[i], rows.places()[i]);
      MemorySegment.copy(rows.values(), i * bytes, cells, row * bytes, bytes);
    }
    missing -= rows.count();
  }

  /** Where the rows stand once they are finished. */
  Path file() {
    return file;
  }

  /** Puts the checksum in, waits for the disk, and gives the file its name. */
  void finish() {
    if (missing != 0) {
      throw new IllegalStateException(
          "%s: the backend left out %d of %d rows".formatted(file, missing, layout.rows()));
    }
    arena.close();
    try {
      try (FileChannel channel =
          FileChannel.open(unfinished, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        Checksum.write(channel);
      }
      WholeFile.publish(unfinished, file);
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
    try {
      Files.deleteIfExists(unfinished);
    } catch (IOException e) {
      throw unwritable(unfinished, e);
    }
  }
}
