package dev.sonde.engine.run;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.Example;
import dev.sonde.api.data.Study;
import dev.sonde.engine.pass.OpenInputs;
import dev.sonde.engine.pass.Role;
import dev.sonde.engine.report.ReportJson;
import dev.sonde.engine.report.Section;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Columns that a probe gave to rows, as files among its artifacts: per data set one of JSON lines,
 * {@code id} and the columns of a row. Later probes read them as {@code PROBE.COLUMN}.
 */
final class MadeColumns {
  private static final String ID = "id";

  /** What the main data set is called in a study. */
  private static final String MAIN = "data";

  private MadeColumns() {}

  /** The file of a probe's columns of a data set. */
  static String file(String probe, String study) {
    return "%s/%s.columns%s.jsonl"
        .formatted(RunContents.ARTIFACTS, probe, study.equals(MAIN) ? "" : "." + study);
  }

  /**
   * The file's text.
   *
   * @param announced the columns that the probe may give
   * @throws InvalidInputException if a column was not announced, or has not one value a row
   */
  static String lines(
      Study study, SequencedMap<String, List<Object>> values, List<String> announced) {
    values.forEach(
        (column, each) -> {
          if (!announced.contains(column)) {
            throw new InvalidInputException(
                "the column '%s' was not announced; there are %s".formatted(column, announced));
          }
          if (each.size() != study.size()) {
            throw new InvalidInputException(
                "the column '%s' has %d values for %d rows"
                    .formatted(column, each.size(), study.size()));
          }
        });
    StringBuilder lines = new StringBuilder();
    for (int row = 0; row < study.size(); row++) {
      Example example = study.examples().get(row);
      Map<String, Object> line = new LinkedHashMap<>();
      line.put(ID, example.id());
      for (Map.Entry<String, List<Object>> column : values.entrySet()) {
        line.put(column.getKey(), plain(column.getKey(), example, column.getValue().get(row)));
      }
      lines.append(ReportJson.line(line)).append('\n');
    }
    return lines.toString();
  }

  private static Object plain(String column, Example example, Object value) {
    boolean known = value instanceof String || value instanceof Boolean || value instanceof Number;
    if (!known || (value instanceof Number number && !Double.isFinite(number.doubleValue()))) {
      throw new InvalidInputException(
          "row '%s': the value %s of column '%s' is no text, finite number or boolean"
              .formatted(example.id(), value, column));
    }
    return value;
  }

  /**
   * Gives the rows of a run what a probe that has finished made of them.
   *
   * @return whether it made anything
   */
  static boolean take(RunFolder folder, String probe, OpenInputs inputs) {
    boolean found = takeOf(folder, probe, MAIN, Role.MAIN, inputs);
    for (String set : inputs.sets()) {
      found |= takeOf(folder, probe, set, set, inputs);
    }
    return found;
  }

  private static boolean takeOf(
      RunFolder folder, String probe, String study, String set, OpenInputs inputs) {
    String name = file(probe, study);
    if (!Files.exists(folder.file(name))) {
      return false;
    }
    Map<String, Map<String, Object>> rows = new LinkedHashMap<>();
    String text = new String(folder.read(name).orElse(new byte[0]), StandardCharsets.UTF_8);
    for (String line : text.lines().toList()) {
      Map<String, Object> row = parsed(line).orElseThrow(() -> damaged(folder, name));
      Map<String, Object> columns = new LinkedHashMap<>();
      row.forEach((column, value) -> columns.put(probe + "." + column, value));
      columns.remove(probe + "." + ID);
      rows.put(String.valueOf(row.get(ID)), columns);
    }
    inputs.addColumns(set, rows);
    return true;
  }

  /**
   * Why a probe cannot be asked about what an earlier one was to make; empty where it can.
   *
   * @param before the sections of the probes before it
   */
  static Optional<String> obstacle(RunSetup setup, String probe, List<Section> before) {
    Optional<String> maker = setup.experiment().probe(probe).maker();
    if (maker.isEmpty()) {
      return Optional.empty();
    }
    boolean made =
        before.stream()
            .anyMatch(
                section ->
                    section.name().equals(maker.get()) && section.status() == Section.Status.OK);
    if (!made) {
      return Optional.of(
          "its labels were to come from the probe '%s', which did not finish."
              .formatted(maker.get()));
    }
    try {
      setup.inputs().study(Role.MAIN_PASS, probe);
      setup.inputs().sets().forEach(set -> setup.inputs().study(new Role(Role.MAIN, set), probe));
      return Optional.empty();
    } catch (InvalidInputException e) {
      return Optional.of(
          "%s. The section '%s' says how these labels came about, and what would make them differ."
              .formatted(withoutPlace(String.valueOf(e.getMessage())), maker.get()));
    }
  }

  /** A resumed run reads its experiment from another file, and says the same. */
  private static String withoutPlace(String message) {
    return message.substring(Math.max(0, message.indexOf("probes.")));
  }

  private static Optional<Map<String, Object>> parsed(String line) {
    return ReportJson.parse(line).filter(row -> row.containsKey(ID));
  }

  private static InvalidInputException damaged(RunFolder folder, String name) {
    return new InvalidInputException(folder.file(name) + ": is damaged");
  }
}
