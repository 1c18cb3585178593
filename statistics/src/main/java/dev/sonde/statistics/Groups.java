package dev.sonde.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Which rows belong together. Groups are numbered in the order in which they first appear. */
public final class Groups {
  private final int[] ofRows;
  private final List<int[]> rows;

  private Groups(int[] ofRows, int count) {
    this.ofRows = ofRows;
    int[] sizes = new int[count];
    for (int group : ofRows) {
      sizes[group]++;
    }
    int[][] members = Arrays.stream(sizes).mapToObj(int[]::new).toArray(int[][]::new);
    int[] filled = new int[count];
    for (int row = 0; row < ofRows.length; row++) {
      members[ofRows[row]][filled[ofRows[row]]++] = row;
    }
    this.rows = List.of(members);
  }

  /**
   * Groups by name.
   *
   * @param names one per row; rows of equal names belong together
   */
  public static Groups of(List<?> names) {
    Map<Object, Integer> numbers = new LinkedHashMap<>();
    int[] ofRows = new int[names.size()];
    for (int row = 0; row < ofRows.length; row++) {
      int next = numbers.size();
      ofRows[row] = numbers.computeIfAbsent(names.get(row), name -> next);
    }
    return new Groups(ofRows, numbers.size());
  }

  /** Every row a group of its own. */
  public static Groups ofSingleRows(int rows) {
    return new Groups(IntStream.range(0, rows).toArray(), rows);
  }

  /** How many groups there are. */
  public int count() {
    return rows.size();
  }

  /** How many rows there are. */
  public int rows() {
    return ofRows.length;
  }

  /** The group of a row. */
  public int of(int row) {
    return ofRows[row];
  }

  /** The rows of a group, ascending. */
  public int[] rows(int group) {
    return rows.get(group).clone();
  }

  /** The groups, each as its rows, ascending. */
  public List<int[]> members() {
    return new ArrayList<>(rows);
  }
}
