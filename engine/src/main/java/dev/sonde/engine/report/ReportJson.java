package dev.sonde.engine.report;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** report.json, as docs/report.md and its schema describe it. */
public final class ReportJson {
  private static final int SCHEMA_VERSION = 2;
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final TypeReference<LinkedHashMap<String, Object>> OBJECT =
      new TypeReference<>() {};

  private ReportJson() {}

  /** The report as JSON text. */
  public static String write(RunReport report) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("schemaVersion", SCHEMA_VERSION);
    root.put("run", report.run());
    root.put("probes", report.sections().stream().map(ReportJson::section).toList());
    return MAPPER.writeValueAsString(root) + "\n";
  }

  /** One section as JSON text, as it stands in report.json. */
  public static String write(Section section) {
    return MAPPER.writeValueAsString(section(section)) + "\n";
  }

  /** Any plain value as JSON text. */
  public static String write(Map<String, Object> plain) {
    return MAPPER.writeValueAsString(plain) + "\n";
  }

  private static Map<String, Object> section(Section section) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", section.name());
    map.put("plugin", section.plugin());
    map.put("status", section.status().name().toLowerCase(Locale.ROOT));
    map.put("question", section.question());
    map.put("claims", section.claims().stream().map(ClaimJson::write).toList());
    map.put("headline", section.headline().stream().map(ReportJson::line).toList());
    map.put("metrics", section.metrics().stream().map(ReportJson::metric).toList());
    map.put("tables", section.tables().stream().map(ReportJson::table).toList());
    map.put("figures", section.figures().stream().map(ReportJson::figure).toList());
    if (!section.passages().isEmpty()) {
      map.put("passages", section.passages().stream().map(PassageJson::write).toList());
    }
    map.put("notes", section.notes());
    if (!section.files().isEmpty()) {
      map.put("files", section.files());
    }
    return map;
  }

  private static Map<String, Object> line(Headline.Line line) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("what", line.what());
    map.put("value", line.value());
    map.put("reading", line.reading());
    return map;
  }

  private static Headline.Line lineOf(Map<String, Object> map) {
    return new Headline.Line(text(map, "what"), text(map, "value"), text(map, "reading"));
  }

  static Map<String, Object> metric(Metric metric) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", metric.name());
    map.put("where", metric.where());
    put(map, "value", metric.value());
    put(map, "low", metric.low());
    put(map, "high", metric.high());
    map.put("n", metric.n().isPresent() ? metric.n().getAsInt() : null);
    map.put("unit", metric.unit());
    return map;
  }

  private static void put(Map<String, Object> map, String key, OptionalDouble value) {
    map.put(key, value.isPresent() ? value.getAsDouble() : null);
  }

  private static Map<String, Object> table(Table table) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", table.name());
    map.put("title", table.title());
    map.put("columns", table.columns());
    map.put("rows", table.rows());
    return map;
  }

  private static Map<String, Object> figure(Figure figure) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", figure.name());
    map.put("title", figure.title());
    map.put("caption", figure.caption());
    map.put("vegaLite", VegaLite.complete(figure));
    return map;
  }

  /** A plain value as JSON on one line. */
  public static String line(Map<String, ?> plain) {
    return MAPPER.writer().without(SerializationFeature.INDENT_OUTPUT).writeValueAsString(plain);
  }

  /** The object in a text; empty if it holds none. */
  public static Optional<Map<String, Object>> parse(String text) {
    try {
      return Optional.ofNullable(MAPPER.readValue(text, OBJECT));
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  /**
   * Reads a report.
   *
   * @throws InvalidInputException naming the file if it is not what a run writes
   */
  public static RunReport readReport(Path file) {
    return understood(
        file,
        root -> {
          List<Section> sections = new ArrayList<>();
          list(root, "probes").forEach(item -> sections.add(section(object(item))));
          return new RunReport(object(value(root, "run")), sections);
        });
  }

  /**
   * Reads a section.
   *
   * @throws InvalidInputException naming the file if it is not what a run writes
   */
  public static Section readSection(Path file) {
    return understood(file, ReportJson::section);
  }

  private static <T> T understood(Path file, Function<Map<String, Object>, T> meaning) {
    Map<String, Object> root = read(file);
    try {
      return meaning.apply(root);
    } catch (InvalidInputException | ClassCastException | IllegalArgumentException e) {
      throw new InvalidInputException(
          "%s: is not what a run writes: %s".formatted(file, e.getMessage()), e);
    }
  }

  /** Reads a JSON object as plain maps and lists. */
  public static Map<String, Object> read(Path file) {
    try {
      return MAPPER.readValue(Files.readString(file), OBJECT);
    } catch (JacksonException e) {
      throw new InvalidInputException(
          "%s: is cut or no JSON: %s".formatted(place(file, e), e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new InvalidInputException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static String place(Path file, JacksonException e) {
    return Optional.ofNullable(e.getLocation())
        .map(at -> "%s:%d:%d".formatted(file, at.getLineNr(), at.getColumnNr()))
        .orElse(file.toString());
  }

  private static Section section(Map<String, Object> map) {
    List<Metric> metrics = new ArrayList<>();
    list(map, "metrics").forEach(item -> metrics.add(metricOf(item)));
    List<Table> tables = new ArrayList<>();
    for (Object item : list(map, "tables")) {
      Map<String, Object> table = object(item);
      List<List<Object>> rows = new ArrayList<>();
      list(table, "rows").forEach(row -> rows.add(objects(row)));
      tables.add(
          Table.of(
              text(table, "name"),
              text(table, "title"),
              list(table, "columns").stream().map(String::valueOf).toList(),
              rows));
    }
    List<Figure> figures = new ArrayList<>();
    for (Object item : list(map, "figures")) {
      Map<String, Object> figure = object(item);
      figures.add(
          VegaLite.of(
              text(figure, "name"),
              text(figure, "title"),
              text(figure, "caption"),
              object(value(figure, "vegaLite"))));
    }
    return new Section(
        text(map, "name"),
        text(map, "plugin"),
        Section.Status.valueOf(text(map, "status").toUpperCase(Locale.ROOT)),
        text(map, "question"),
        list(map, "claims").stream().map(item -> ClaimJson.read(object(item))).toList(),
        list(map, "headline").stream().map(item -> lineOf(object(item))).toList(),
        metrics,
        tables,
        figures,
        optional(map, "passages").map(PassageJson::read).toList(),
        list(map, "notes").stream().map(String::valueOf).toList(),
        optional(map, "files").map(String::valueOf).toList());
  }

  /** A metric that {@link #metric} wrote. */
  static Metric metricOf(Object written) {
    Map<String, Object> map = object(written);
    Metric metric = Metric.of(text(map, "name"), number(map.get("value")));
    for (Map.Entry<String, Object> where : object(value(map, "where")).entrySet()) {
      metric = metric.where(where.getKey(), where.getValue());
    }
    metric = metric.interval(number(map.get("low")), number(map.get("high")));
    if (map.get("n") instanceof Integer n) {
      metric = metric.n(n);
    }
    return metric.unit(text(map, "unit"));
  }

  private static double number(@Nullable Object value) {
    return value instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  private static Object value(Map<String, Object> map, String key) {
    Object value = map.get(key);
    if (value == null) {
      throw new InvalidInputException("the field '" + key + "' is missing");
    }
    return value;
  }

  private static String text(Map<String, Object> map, String key) {
    return String.valueOf(value(map, key));
  }

  private static List<Object> list(Map<String, Object> map, String key) {
    return objects(value(map, key));
  }

  /** The objects in a list. */
  static List<Map<String, Object>> objectsOf(Map<String, Object> map, String key) {
    return list(map, key).stream().map(ReportJson::object).toList();
  }

  private static Stream<Object> optional(Map<String, Object> map, String key) {
    return Optional.ofNullable(map.get(key)).stream().flatMap(items -> objects(items).stream());
  }

  @SuppressWarnings("unchecked") // JSON arrays hold any value
  private static List<Object> objects(Object value) {
    return (List<Object>) value;
  }

  @SuppressWarnings("unchecked") // JSON objects have text keys
  private static Map<String, Object> object(Object value) {
    return (Map<String, Object>) value;
  }
}
