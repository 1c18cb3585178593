package dev.sonde.api.report;

import java.util.List;
import java.util.Objects;

/**
 * A table.
 *
 * @param name short name, unique in the section
 * @param title what it shows
 * @param columns the heads
 * @param rows cells: numbers or text, one per column
 */
public record Table(String name, String title, List<String> columns, List<List<Object>> rows) {
  /**
   * Checks that every row fits the heads and that cells are numbers, text or booleans.
   *
   * @throws IllegalArgumentException if not
   */
  public Table {
    Objects.requireNonNull(name, "a table's name");
    Objects.requireNonNull(title, () -> "the title of table " + name);
    columns = List.copyOf(columns);
    rows = rows.stream().map(List::copyOf).toList();
    for (List<Object> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            "table %s: a row of %d cells for %d columns"
                .formatted(name, row.size(), columns.size()));
      }
      for (Object cell : row) {
        if (!(cell instanceof Number || cell instanceof String || cell instanceof Boolean)) {
          throw new IllegalArgumentException(
              "table %s: a cell is a %s, not a number, text or boolean"
                  .formatted(name, cell.getClass().getName()));
        }
      }
    }
  }
}
