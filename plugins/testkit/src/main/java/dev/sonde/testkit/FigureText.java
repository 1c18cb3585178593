package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Table;
import dev.sonde.formats.FormatException;
import dev.sonde.formats.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The Vega-Lite text of a figure, which names the figure's tables as its data. */
final class FigureText {
  /** Keys of data that bring their rows themselves. */
  private static final List<String> OWN_ROWS = List.of("values", "url", "sequence");

  private FigureText() {}

  static void assertFits(Figure figure) {
    Set<String> missing = new TreeSet<>();
    collectNames(specification(figure), missing);
    figure.data().stream().map(Table::name).forEach(missing::remove);
    assertThat(missing)
        .as(
            "data that the figure '%s' names, {\"data\": {\"name\": …}}, and that is none of the"
                + " tables given with it, %s",
            figure.name(), figure.data().stream().map(Table::name).toList())
        .isEmpty();
  }

  private static Map<String, Object> specification(Figure figure) {
    try {
      return Json.object(
          Path.of(figure.name()), figure.vegaLite().getBytes(StandardCharsets.UTF_8));
    } catch (FormatException e) {
      return fail(
          "the Vega-Lite text of the figure '%s' is no JSON object: %s"
              .formatted(figure.name(), e.getMessage()),
          e);
    }
  }

  private static void collectNames(Object part, Set<String> names) {
    if (part instanceof Map<?, ?> map) {
      if (map.get("data") instanceof Map<?, ?> data
          && data.get("name") instanceof String name
          && OWN_ROWS.stream().noneMatch(data::containsKey)) {
        names.add(name);
      }
      map.values().forEach(value -> collectNames(value, names));
    } else if (part instanceof List<?> list) {
      list.forEach(value -> collectNames(value, names));
    }
  }
}
