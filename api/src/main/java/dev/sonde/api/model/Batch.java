package dev.sonde.api.model;

import dev.sonde.api.ApiStatus;
import java.util.List;

/** One read group over some whole sequences. */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public final class Batch {
  private final int group;
  private final List<Rows> rows;

  private Batch(int group, List<Rows> rows) {
    this.group = group;
    this.rows = List.copyOf(rows);
  }

  /**
   * A batch.
   *
   * @param group the index of the group in {@link ForwardRequest#groups()}
   * @param rows what was read, one per read of the group and in its order
   */
  public static Batch of(int group, List<Rows> rows) {
    return new Batch(group, rows);
  }

  /** The index of the group in {@link ForwardRequest#groups()}. */
  public int group() {
    return group;
  }

  /** What was read, one per read of the group and in its order. */
  public List<Rows> rows() {
    return rows;
  }
}
