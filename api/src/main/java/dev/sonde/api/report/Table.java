package dev.sonde.api.report;

import dev.sonde.api.ApiStatus;
import java.util.List;
import java.util.Objects;

/** A table: heads and rows of numbers, text or booleans. */
@ApiStatus(value = ApiStatus.Level.STABLE, since = "0.1")
public final class Table {
  private final String name;
  private final String title;
  private final List<String> columns;
  private final List<List<Object>> rows;

  private Table(String name, String title, List<String> columns, List<List<Object>> rows) {
    this.name = Objects.requireNonNull(name, "a table's name");
    this.title = Objects.requireNonNull(title, () -> "the title of table " + name);
    this.columns = List.copyOf(columns);
    this.rows = rows.stream().map(List::copyOf).toList();
    this.rows.forEach(this::check);
  }

  /**
   * A table.
   *
   * @param name short name, unique in the section
   * @param title what it shows
   * @param columns the heads
   * @param rows cells: numbers, text or booleans, one per column
   * @throws IllegalArgumentException if a row does not fit the heads, or a cell is anything else
   */
  public static Table of(String name, String title, List<String> columns, List<List<Object>> rows) {
    return new Table(name, title, columns, rows);
  }

  private void check(List<Object> row) {
    if (row.size() != columns.size()) {
      throw new IllegalArgumentException(
          "table %s: a row of %d cells for %d columns".formatted(name, row.size(), columns.size()));
    }
    for (Object cell : row) {
      if (!(cell instanceof Number || cell instanceof String || cell instanceof Boolean)) {
        throw new IllegalArgumentException(
            "table %s: a cell is a %s, not a number, text or boolean"
                .formatted(name, cell.getClass().getName()));
      }
    }
  }

  /** Short name, unique in the section. */
  public String name() {
    return name;
  }

  /** What it shows. */
  public String title() {
    return title;
  }

  /** The heads. */
  public List<String> columns() {
    return columns;
  }

  /** Cells: numbers, text or booleans, one per column. */
  public List<List<Object>> rows() {
    return rows;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Table that
        && name.equals(that.name)
        && title.equals(that.title)
        && columns.equals(that.columns)
        && rows.equals(that.rows);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, title, columns, rows);
  }

  @Override
  public String toString() {
    return "table %s: %s %s".formatted(name, columns, rows);
  }
}
