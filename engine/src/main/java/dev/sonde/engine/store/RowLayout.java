package dev.sonde.engine.store;

import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import java.util.List;

/**
 * Where the rows of a read stand: sequence by sequence, and within a sequence token by token where
 * every token is read unreduced, else one row a sequence.
 */
public final class RowLayout {
  private final long[] offsets;

  private RowLayout(long[] offsets) {
    this.offsets = offsets;
  }

  /** The layout of a read over sequences of these lengths. */
  public static RowLayout of(Read read, List<int[]> tokens) {
    boolean every = everyToken(read);
    long[] offsets = new long[tokens.size() + 1];
    for (int i = 0; i < tokens.size(); i++) {
      offsets[i + 1] = offsets[i] + (every ? tokens.get(i).length : 1);
    }
    return new RowLayout(offsets);
  }

  /** Whether the read gives a row for every token. */
  public static boolean everyToken(Read read) {
    return read.selector().equals(Selector.all()) && !read.isReduced();
  }

  /** Number of rows. */
  public long rows() {
    return offsets[offsets.length - 1];
  }

  /** The row of a place in a sequence. */
  public long row(int sequence, int place) {
    long row = offsets[sequence] + place;
    return row < offsets[sequence + 1] ? row : offsets[sequence];
  }

  /** The first row of each sequence, and the number of rows at the end. */
  public long[] offsets() {
    return offsets.clone();
  }
}
