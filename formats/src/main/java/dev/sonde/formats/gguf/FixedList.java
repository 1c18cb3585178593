package dev.sonde.formats.gguf;

import java.lang.foreign.MemorySegment;
import java.util.AbstractList;
import java.util.Objects;
import java.util.RandomAccess;

/** An array of numbers or flags in the metadata, read from the file when asked. */
final class FixedList extends AbstractList<Object> implements RandomAccess {
  private final ValueType type;
  private final MemorySegment values;
  private final int size;

  FixedList(ValueType type, MemorySegment values) {
    this.type = type;
    this.values = values;
    this.size = Math.toIntExact(values.byteSize() / type.bytes());
  }

  ValueType type() {
    return type;
  }

  @Override
  public Object get(int index) {
    return type.scalar(values, (long) Objects.checkIndex(index, size) * type.bytes());
  }

  @Override
  public int size() {
    return size;
  }
}
