package dev.sonde.engine.report;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Passage;
import dev.sonde.api.report.Table;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The report as one HTML file that needs nothing else: the figures' library is inside. Every text
 * is escaped by the template engine.
 */
public final class ReportHtml {
  private static final List<String> LIBRARIES =
      List.of("vega.min.js", "vega-lite.min.js", "vega-embed.min.js");
  private static final JsonMapper MAPPER = new JsonMapper();

  /** Parts no longer than a long word flow like text; longer ones get a line each. */
  private static final int LONGEST_WORD = 24;

  private ReportHtml() {}

  /** Renders a report. */
  public static String render(RunReport report) {
    Template template =
        Mustache.compiler().emptyStringIsFalse(true).compile(resource("report.html"));
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("name", String.valueOf(report.run().get("name")));
    model.put("facts", pairs(report.run()));
    model.put("sections", report.sections().stream().map(ReportHtml::section).toList());
    model.put("style", resource("report.css"));
    model.put("script", resource("report.js"));
    model.put("libraries", LIBRARIES.stream().map(ReportHtml::library).toList());
    return template.execute(model);
  }

  private static List<Map<String, Object>> pairs(Map<String, Object> map) {
    return map.entrySet().stream()
        .map(e -> Map.<String, Object>of("key", e.getKey(), "value", String.valueOf(e.getValue())))
        .toList();
  }

  private static Map<String, Object> section(Section section) {
    Map<String, Object> model = new LinkedHashMap<>();
    String status = section.status().name().toLowerCase(Locale.ROOT);
    model.put("name", section.name());
    model.put("plugin", section.plugin());
    model.put("status", status);
    model.put("failed", section.status() != Section.Status.OK);
    Opening opening = Opening.of(section);
    model.put("question", opening.question());
    model.put("claims", opening.lines().stream().map(ReportHtml::claim).toList());
    model.put("hasClaims", !opening.lines().isEmpty());
    model.put("picture", opening.picture().map(ReportHtml::picture).stream().toList());
    model.put("hasHeadline", !section.headline().isEmpty());
    model.put(
        "headline",
        section.headline().stream()
            .map(l -> Map.of("what", l.what(), "value", l.value(), "reading", l.reading()))
            .toList());
    model.put("notes", section.notes());
    model.put("hasNotes", !section.notes().isEmpty());
    model.put("hasFiles", !section.files().isEmpty());
    model.put(
        "files",
        section.files().stream()
            .map(file -> Map.of("path", file, "name", file.substring(file.indexOf('/') + 1)))
            .toList());
    model.put(
        "figures",
        section.figures().stream()
            .map(
                f ->
                    Map.of(
                        "id", section.name() + "-" + f.name(),
                        "title", f.title(),
                        "caption", f.caption(),
                        "spec", inScript(MAPPER.writeValueAsString(VegaLite.complete(f)))))
            .toList());
    model.put("passages", section.passages().stream().map(ReportHtml::passage).toList());
    model.put("tables", section.tables().stream().map(ReportHtml::table).toList());
    model.put("metricCount", section.metrics().size());
    model.put("metrics", section.metrics().stream().map(ReportHtml::metric).toList());
    return model;
  }

  private static Map<String, Object> claim(Opening.Line line) {
    return Map.of(
        "answer", line.answer().word(),
        "kind", line.answer().name().toLowerCase(Locale.ROOT),
        "sign", line.sign(),
        "question", line.question(),
        "number", line.number(),
        "rival", line.rival(),
        "because", line.because(),
        "needed", line.needed(),
        "overturn", line.overturn());
  }

  private static Map<String, Object> picture(Picture picture) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Picture.Row row : picture.rows()) {
      rows.add(
          Map.of(
              "what", row.what(),
              "number", row.number(),
              "own", rows.isEmpty(),
              "low", percent(picture.share(row.low())),
              "width", percent(picture.share(row.high()) - picture.share(row.low())),
              "at", percent(picture.share(row.value()))));
    }
    return Map.of(
        "rows",
        rows,
        "level",
        percent(picture.share(picture.level())),
        "caption",
        picture.caption());
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f%%", 100 * share);
  }

  private static Map<String, Object> passage(Passage passage) {
    List<Map<String, Object>> parts = new ArrayList<>();
    for (Passage.Part part : passage.parts()) {
      List<List<Object>> links =
          part.links().entrySet().stream()
              .map(link -> List.<Object>of(link.getKey(), link.getValue()))
              .toList();
      parts.add(
          Map.of(
              "number", parts.size() + 1,
              "text", part.text().strip(),
              "label", part.label(),
              "shade", part.shade(),
              "remark", part.remark(),
              "links", MAPPER.writeValueAsString(links)));
    }
    return Map.of(
        "title", passage.title(),
        "caption", passage.caption(),
        "lead", passage.lead(),
        "words", isOfWords(passage),
        "parts", parts);
  }

  /** Whether the parts are words, which read best one behind the other. */
  private static boolean isOfWords(Passage passage) {
    return passage.parts().stream().allMatch(part -> part.text().length() <= LONGEST_WORD);
  }

  private static Map<String, Object> table(Table table) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (List<Object> row : table.rows()) {
      rows.add(Map.of("cells", row.stream().map(ReportMarkdown::cell).toList()));
    }
    return Map.of("title", table.title(), "columns", table.columns(), "rows", rows);
  }

  private static Map<String, Object> metric(Metric metric) {
    String where =
        metric.where().entrySet().stream()
            .map(e -> e.getKey() + " " + ReportMarkdown.cell(e.getValue()))
            .collect(Collectors.joining(", "));
    String n = metric.n().isPresent() ? String.valueOf(metric.n().getAsInt()) : "";
    return Map.of("name", metric.name(), "where", where, "value", metric.text(), "n", n);
  }

  /** JSON that cannot end the script element it stands in. */
  private static String inScript(String json) {
    return json.replace("<", "\\u003c");
  }

  /** A library as it is; none of those bundled ends its own element. */
  private static String library(String name) {
    String text = resource(name);
    if (text.toLowerCase(Locale.ROOT).contains("</script")) {
      throw new IllegalStateException(name + " would end the script element it stands in");
    }
    return text;
  }

  private static String resource(String name) {
    try (@Nullable InputStream in = ReportHtml.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("resource " + name + " is missing from the engine");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
