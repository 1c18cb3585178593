package dev.sonde.api.model;

import java.util.List;

/**
 * One read group over some whole sequences.
 *
 * @param group the index of the group in {@link ForwardRequest#groups()}
 * @param rows what was read, one per read of the group and in its order
 */
public record Batch(int group, List<Rows> rows) {
  /** A batch with its list copied. */
  public Batch {
    rows = List.copyOf(rows);
  }
}
