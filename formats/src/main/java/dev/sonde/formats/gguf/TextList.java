package dev.sonde.formats.gguf;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.RandomAccess;

/** An array of texts in the metadata, decoded when asked. */
final class TextList extends AbstractList<String> implements RandomAccess {
  private final Path file;
  private final MemorySegment bytes;
  private final long[] starts;

  TextList(Path file, MemorySegment bytes, long[] starts) {
    this.file = file;
    this.bytes = bytes;
    this.starts = starts;
  }

  @Override
  public String get(int index) {
    return HeaderCursor.text(file, bytes, starts[index]);
  }

  @Override
  public int size() {
    return starts.length;
  }
}
