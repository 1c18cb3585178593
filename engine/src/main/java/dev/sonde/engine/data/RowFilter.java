package dev.sonde.engine.data;

import dev.sonde.api.InvalidInputException;
import dev.sonde.engine.experiment.ConfigView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoublePredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which rows of a file are used, by {@code data.where}: a mapping of columns to what they must
 * hold, one value, one of a list, or a comparison ({@code ">= 3"}, {@code "!= en"}). A row must
 * meet all of them.
 */
final class RowFilter {
  private static final Pattern COMPARISON = Pattern.compile("(>=|<=|!=|>|<)\\s*(\\S.*)");

  private final Map<String, Test> tests;

  private RowFilter(Map<String, Test> tests) {
    this.tests = tests;
  }

  /** What one column must hold. */
  private interface Test {
    boolean holds(Columns row, String column);
  }

  /**
   * The filter of a data set; one that lets every row through where there is no {@code where}.
   *
   * @throws InvalidInputException naming the column whose condition is none
   */
  static RowFilter of(ConfigView config) {
    Map<String, Test> tests = new LinkedHashMap<>();
    config
        .plain("where")
        .forEach((column, condition) -> tests.put(column, test(config, column, condition)));
    return new RowFilter(tests);
  }

  private static Test test(ConfigView config, String column, Object condition) {
    if (condition instanceof List<?> list) {
      if (list.isEmpty() || list.stream().anyMatch(RowFilter::isNested)) {
        throw refused(config, column);
      }
      List<String> values = list.stream().map(String::valueOf).toList();
      return (row, name) -> values.contains(row.text(name));
    }
    if (isNested(condition)) {
      throw refused(config, column);
    }
    String value = String.valueOf(condition);
    Matcher comparison = COMPARISON.matcher(value);
    if (!comparison.matches()) {
      return (row, name) -> row.text(name).equals(value);
    }
    String than = comparison.group(2);
    if (comparison.group(1).equals("!=")) {
      return (row, name) -> !row.text(name).equals(than);
    }
    DoublePredicate compared = compared(config, column, comparison.group(1), than);
    return (row, name) -> compared.test(row.number(name).orElseThrow());
  }

  private static boolean isNested(Object value) {
    return value instanceof Map || value instanceof List;
  }

  private static InvalidInputException refused(ConfigView config, String column) {
    return config.error(
        "where",
        "'%s' needs a value, a list of values, or a comparison such as '>= 3' or '!= en'"
            .formatted(column));
  }

  private static DoublePredicate compared(
      ConfigView config, String column, String sign, String than) {
    double limit;
    try {
      limit = Double.parseDouble(than);
    } catch (NumberFormatException e) {
      throw config.error(
          "where", "'%s' is compared with '%s', which is no number".formatted(column, than));
    }
    return switch (sign) {
      case ">=" -> value -> value >= limit;
      case "<=" -> value -> value <= limit;
      case ">" -> value -> value > limit;
      default -> value -> value < limit;
    };
  }

  /**
   * Whether a row is used.
   *
   * @throws InvalidInputException naming file and line of a row that lacks a column
   */
  boolean lets(Columns row) {
    return tests.entrySet().stream().allMatch(test -> holds(test, row));
  }

  private static boolean holds(Map.Entry<String, Test> test, Columns row) {
    if (!row.has(test.getKey())) {
      row.text(test.getKey()); // says which columns there are
    }
    return test.getValue().holds(row, test.getKey());
  }
}
