package dev.sonde.testkit;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.Example;
import dev.sonde.api.data.Study;
import dev.sonde.api.evaluate.Targets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Rows that a test lists, each a group of its own and without a label. */
public final class ListedStudy implements Study {
  private final List<Row> rows;

  private ListedStudy(List<Row> rows) {
    this.rows = rows;
  }

  /**
   * Rows as maps of their columns.
   *
   * @param text the column with the prompt
   * @param rows texts or lists of texts by column
   */
  public static ListedStudy of(String text, List<Map<String, Object>> rows) {
    return new ListedStudy(
        IntStream.range(0, rows.size())
            .mapToObj(number -> new Row(number, text, Map.copyOf(rows.get(number))))
            .toList());
  }

  @Override
  public String name() {
    return "data";
  }

  @Override
  public List<Example> examples() {
    return List.copyOf(rows);
  }

  @Override
  public Optional<Targets> targets() {
    return Optional.empty();
  }

  @Override
  public List<String> groups() {
    return rows.stream().map(Row::id).toList();
  }

  private record Row(int number, String prompt, Map<String, Object> cells) implements Example {
    @Override
    public String id() {
      return "row-" + number;
    }

    @Override
    public String text() {
      return text(prompt);
    }

    @Override
    public boolean has(String column) {
      return cells.containsKey(column);
    }

    @Override
    public Set<String> columns() {
      return cells.keySet();
    }

    @Override
    public String text(String column) {
      return cell(column).toString();
    }

    @Override
    public Optional<Double> number(String column) {
      return has(column) ? Optional.of(Double.valueOf(text(column))) : Optional.empty();
    }

    @Override
    public List<String> texts(String column) {
      return cell(column) instanceof List<?> list
          ? list.stream().map(Object::toString).toList()
          : List.of(text(column));
    }

    private Object cell(String column) {
      return Optional.ofNullable(cells.get(column))
          .orElseThrow(
              () ->
                  new InvalidInputException(
                      "listed row %d: has no column '%s'".formatted(number + 1, column)));
    }
  }
}
