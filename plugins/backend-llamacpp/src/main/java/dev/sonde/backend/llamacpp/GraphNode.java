package dev.sonde.backend.llamacpp;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A tensor of ggml, read where it lies: of a graph's node only its description, whose memory is the
 * processor's, whatever device computes it.
 */
record GraphNode(MemorySegment struct) {
  static GraphNode of(MemorySegment pointer) {
    return new GraphNode(pointer.reinterpret(Layouts.TENSOR_SIZE));
  }

  static GraphNode at(long address) {
    return of(MemorySegment.ofAddress(address));
  }

  long address() {
    return struct.address();
  }

  String name() {
    return struct.getString(Layouts.TENSOR_NAME);
  }

  boolean isFloat32() {
    return struct.get(JAVA_INT, Layouts.TENSOR_TYPE) == Layouts.TYPE_F32;
  }

  boolean isFloat16() {
    return struct.get(JAVA_INT, Layouts.TENSOR_TYPE) == Layouts.TYPE_F16;
  }

  /** How many numbers lie along a dimension; 0 is the innermost. */
  long size(int dimension) {
    return struct.get(JAVA_LONG, Layouts.TENSOR_ELEMENTS + (long) dimension * Long.BYTES);
  }

  /** Bytes between neighbours along a dimension. */
  long stride(int dimension) {
    return struct.get(JAVA_LONG, Layouts.TENSOR_STRIDES + (long) dimension * Long.BYTES);
  }

  long elements() {
    long product = 1;
    for (int i = 0; i < Layouts.TENSOR_DIMENSIONS; i++) {
      product *= size(i);
    }
    return product;
  }

  /** A parameter of the operation that is a real number. */
  float parameter(int index) {
    return struct.get(JAVA_FLOAT, Layouts.TENSOR_PARAMETERS + (long) index * Float.BYTES);
  }

  /** The addresses of what it is computed from. */
  List<Long> sources() {
    List<Long> sources = new ArrayList<>();
    for (int i = 0; i < Layouts.TENSOR_MOST_SOURCES; i++) {
      long source = struct.get(JAVA_LONG, Layouts.TENSOR_SOURCES + (long) i * Long.BYTES);
      if (source != 0) {
        sources.add(source);
      }
    }
    return sources;
  }

  /** Bytes from the beginning of what it is a view of. */
  long offset() {
    return struct.get(JAVA_LONG, Layouts.TENSOR_VIEW_OFFSET);
  }

  /**
   * Whether its numbers have a place; ggml ends the process where they are asked for and do not.
   */
  private boolean hasNumbers() {
    long source = struct.get(JAVA_LONG, Layouts.TENSOR_VIEW_SOURCE);
    GraphNode owner = source == 0 ? this : at(source);
    return owner.struct.get(JAVA_LONG, Layouts.TENSOR_BUFFER) != 0;
  }

  private void check() {
    if (!hasNumbers() || !(isFloat32() || isFloat16())) {
      throw new IllegalStateException("llama.cpp's node %s has no real numbers".formatted(name()));
    }
  }

  /** From the first byte of its numbers to the one after the last. */
  private long span() {
    long bytes = stride(0);
    for (int i = 0; i < Layouts.TENSOR_DIMENSIONS; i++) {
      bytes += (size(i) - 1) * stride(i);
    }
    return bytes;
  }

  /** Its numbers in logical order, the innermost dimension first. */
  float[] read(LlamaLibrary library) {
    check();
    float[] values = new float[Math.toIntExact(elements())];
    if (values.length > 0) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment bytes = arena.allocate(span(), Float.BYTES);
        library.get(struct, bytes, 0, bytes.byteSize());
        walk(bytes, values, false);
      }
    }
    return values;
  }

  /** Puts numbers in place of its own, in the order of {@link #read}. */
  void write(LlamaLibrary library, float[] values) {
    check();
    if (values.length > 0) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment bytes = arena.allocate(span(), Float.BYTES);
        if (span() != (long) values.length * Float.BYTES) {
          library.get(struct, bytes, 0, bytes.byteSize()); // what lies between is another's
        }
        walk(bytes, values, true);
        library.set(struct, bytes, 0, bytes.byteSize());
      }
    }
  }

  private void walk(MemorySegment bytes, float[] values, boolean into) {
    int row = (int) size(0);
    boolean half = isFloat16();
    int at = 0;
    for (long d = 0; d < size(3); d++) {
      for (long c = 0; c < size(2); c++) {
        for (long b = 0; b < size(1); b++, at += row) {
          long from = d * stride(3) + c * stride(2) + b * stride(1);
          if (half) {
            for (int i = 0; i < row; i++) {
              values[at + i] =
                  Float.float16ToFloat(
                      bytes.get(
                          java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED,
                          from + i * stride(0)));
            }
          } else if (stride(0) != Float.BYTES) {
            for (int i = 0; i < row; i++) {
              if (into) {
                bytes.set(JAVA_FLOAT, from + i * stride(0), values[at + i]);
              } else {
                values[at + i] = bytes.get(JAVA_FLOAT, from + i * stride(0));
              }
            }
          } else if (into) {
            MemorySegment.copy(values, at, bytes, JAVA_FLOAT, from, row);
          } else {
            MemorySegment.copy(bytes, JAVA_FLOAT, from, values, at, row);
          }
        }
      }
    }
  }
}
