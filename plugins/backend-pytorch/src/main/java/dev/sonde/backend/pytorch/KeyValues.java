package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * What the mixers keep of the first tokens of a sequence, per block: rotated keys and values {@code
 * [room, key-value heads, width]}, or what {@link MemoryShape} says. They belong to a scope of
 * their own.
 */
final class KeyValues implements AutoCloseable {
  private final Torch.Scope owner;
  private final List<MemoryShape> shapes;
  private final List<PtNDArray> keys = new ArrayList<>();
  private final List<PtNDArray> values = new ArrayList<>();
  private int length;

  /** None yet. */
  KeyValues(Torch.Scope owner, List<MemoryShape> shapes, int room) {
    this.owner = owner;
    this.shapes = shapes;
    for (MemoryShape shape : shapes) {
      keys.add(
          owner.call("room", owner.here(), sizes(shape, room, shape.first()), shape.perToken()));
      values.add(
          owner.call("room", owner.here(), sizes(shape, room, shape.second()), shape.perToken()));
    }
  }

  private static long[] sizes(MemoryShape shape, int room, long[] sizes) {
    return shape.perToken()
        ? LongStream.concat(LongStream.of(room), LongStream.of(sizes)).toArray()
        : sizes;
  }

  /** The first tokens of another one, which still owns them. */
  private KeyValues(KeyValues other, int tokens) {
    this.owner = other.owner;
    this.shapes = other.shapes;
    this.keys.addAll(other.keys);
    this.values.addAll(other.values);
    this.length = tokens;
  }

  /** Its first tokens, for others to go on from: they are freed with it, and not by themselves. */
  KeyValues first(int tokens) {
    return new KeyValues(this, tokens);
  }

  /** Tokens it holds. */
  int length() {
    return length;
  }

  /** Keys, or a convolution's last inputs. */
  PtNDArray keys(int layer) {
    return keys.get(layer);
  }

  /** Values, or a delta net's state. */
  PtNDArray values(int layer) {
    return values.get(layer);
  }

  /** Says that so many tokens more were written in every block. */
  void grow(int tokens) {
    length += tokens;
  }

  /** Adds a copy of some tokens of another one; of a state that cannot be cut, the whole. */
  void copyFrom(KeyValues other, int from, int to) {
    for (int layer = 0; layer < keys.size(); layer++) {
      boolean rows = shapes.get(layer).perToken();
      try (Torch.Scope step = owner.inner()) {
        copy(step, keys.get(layer), other.keys(layer), rows, from, to);
        copy(step, values.get(layer), other.values(layer), rows, from, to);
      }
    }
    length += to - from;
  }

  private void copy(
      Torch.Scope step, PtNDArray own, PtNDArray other, boolean rows, int from, int to) {
    step.call("put", own, rows ? step.call("rows", other, from, to) : other, rows ? length : 0);
  }

  @Override
  public void close() {
    owner.close();
  }
}
