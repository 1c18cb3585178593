package dev.sonde.engine.report;

import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Complete Vega-Lite specifications: the text of a figure with its tables as named data sets. */
final class VegaLite {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final TypeReference<LinkedHashMap<String, Object>> OBJECT =
      new TypeReference<>() {};

  private VegaLite() {}

  /**
   * The specification as plain maps and lists.
   *
   * @throws IllegalArgumentException if the figure's text is not JSON, or holds what {@link
   *     FigureSafety} refuses
   */
  static Map<String, Object> complete(Figure figure) {
    Map<String, Object> spec;
    try {
      spec = MAPPER.readValue(figure.vegaLite(), OBJECT);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "figure '%s': its Vega-Lite text is not JSON: %s"
              .formatted(figure.name(), e.getOriginalMessage()),
          e);
    }
    check(figure.name(), spec);
    if (!figure.data().isEmpty()) {
      Map<String, Object> datasets = new LinkedHashMap<>();
      figure.data().forEach(table -> datasets.put(table.name(), records(table)));
      spec.put("datasets", datasets);
    }
    return spec;
  }

  private static void check(String name, Map<String, Object> specification) {
    try {
      FigureSafety.check(specification);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("figure '%s': %s".formatted(name, e.getMessage()), e);
    }
  }

  private static List<Map<String, Object>> records(Table table) {
    List<Map<String, Object>> records = new ArrayList<>();
    for (List<Object> row : table.rows()) {
      Map<String, Object> record = new LinkedHashMap<>();
      for (int c = 0; c < row.size(); c++) {
        record.put(table.columns().get(c), row.get(c));
      }
      records.add(record);
    }
    return records;
  }

  /**
   * A figure read back from a report: its specification already holds the data.
   *
   * @throws IllegalArgumentException if the specification holds what {@link FigureSafety} refuses
   */
  static Figure of(String name, String title, String caption, Map<String, Object> complete) {
    check(name, complete);
    return Figure.of(name, title, caption, MAPPER.writeValueAsString(complete), List.of());
  }
}
