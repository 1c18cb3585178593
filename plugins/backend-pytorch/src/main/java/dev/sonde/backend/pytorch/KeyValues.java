package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import java.util.List;

/**
 * Rotated keys, and values, of the first tokens of a sequence, per block {@code [room, key-value
 * heads, d_head]}. They belong to a scope of their own.
 */
final class KeyValues implements AutoCloseable {
  private final Torch.Scope owner;
  private final List<PtNDArray> keys;
  private final List<PtNDArray> values;
  private int length;

  /** None yet. */
  KeyValues(Torch.Scope owner, int layers, int room, int keyValueHeads, int headWidth) {
    this.owner = owner;
    List<PtNDArray> all = owner.callForMany("rooms", 2 * layers, room, keyValueHeads, headWidth);
    this.keys = all.subList(0, layers);
    this.values = all.subList(layers, 2 * layers);
  }

  /** Tokens it holds. */
  int length() {
    return length;
  }

  PtNDArray keys(int layer) {
    return keys.get(layer);
  }

  PtNDArray values(int layer) {
    return values.get(layer);
  }

  /** Says that so many tokens more were written in every block. */
  void grow(int tokens) {
    length += tokens;
  }

  /** Adds a copy of some tokens of another one. */
  void copyFrom(KeyValues other, int from, int to) {
    for (int layer = 0; layer < keys.size(); layer++) {
      try (Torch.Scope step = owner.inner()) {
        step.call("put", keys.get(layer), step.call("rows", other.keys(layer), from, to), length);
        step.call(
            "put", values.get(layer), step.call("rows", other.values(layer), from, to), length);
      }
    }
    length += to - from;
  }

  @Override
  public void close() {
    owner.close();
  }
}
