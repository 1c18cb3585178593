package dev.sonde.engine.report;

import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Passage;
import dev.sonde.api.report.Table;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The report as Markdown: claims, notes, then all numbers, folded. */
public final class ReportMarkdown {
  private final StringBuilder text = new StringBuilder();

  private ReportMarkdown() {}

  /** Renders a report. */
  public static String render(RunReport report) {
    ReportMarkdown markdown = new ReportMarkdown();
    markdown.line("# " + escape(String.valueOf(report.run().get("name")))).line("");
    report
        .run()
        .forEach((key, value) -> markdown.line("- %s: %s".formatted(escape(key), escape(value))));
    report.sections().forEach(markdown::section);
    return markdown.text.toString();
  }

  private void section(Section section) {
    line("").line("## " + escape(section.name())).line("");
    line(
        "%s, plugin %s"
            .formatted(section.status().name().toLowerCase(Locale.ROOT), escape(section.plugin())));
    opening(Opening.of(section));
    if (!section.notes().isEmpty()) {
      line("");
      section.notes().forEach(note -> line("- " + escape(note)));
    }
    section.passages().forEach(this::passage);
    if (!section.files().isEmpty()) {
      line("")
          .line(
              "Files: " + String.join(", ", section.files().stream().map(f -> escape(f)).toList()));
    }
    line("").line("<details><summary>All numbers</summary>");
    if (!section.headline().isEmpty()) {
      line("").line("### The figures behind the claims").line("");
      row(List.of("figure", "value", "reading"));
      row(List.of("---", "---", "---"));
      section.headline().forEach(l -> row(List.of(l.what(), l.value(), l.reading())));
    }
    section.tables().forEach(this::table);
    line("").line("### All metrics").line("");
    row(List.of("metric", "where", "value", "n"));
    row(List.of("---", "---", "---", "---"));
    section.metrics().forEach(this::metric);
    line("").line("</details>");
  }

  private void opening(Opening opening) {
    if (!opening.question().isEmpty()) {
      line("").line("**" + escape(opening.question()) + "**");
    }
    if (opening.lines().isEmpty()) {
      return;
    }
    line("");
    row(List.of("answer", "question", "figure, and what it is held against", "because"));
    row(List.of("---", "---", "---", "---"));
    for (Opening.Line claim : opening.lines()) {
      String because = claim.because();
      if (!claim.needed().isEmpty()) {
        because += ". To tell it takes " + claim.needed();
      }
      row(
          List.of(
              claim.sign() + " " + claim.answer().word(),
              claim.question(),
              claim.figures(),
              claim.overturn().isEmpty()
                  ? because
                  : because + ". It would be overturned by " + claim.overturn()));
    }
    opening
        .picture()
        .ifPresent(
            picture -> {
              line("").line("```");
              picture.text().forEach(text -> line(text.replaceAll("`|\\R", "'")));
              line("```");
            });
  }

  private void passage(Passage passage) {
    line("").line("### " + escape(passage.title())).line("");
    line(escape(passage.caption())).line("");
    row(List.of("part", "label", "shade", "text"));
    row(List.of("---", "---", "---", "---"));
    for (int i = 0; i < passage.parts().size(); i++) {
      Passage.Part part = passage.parts().get(i);
      row(List.of(i + 1, part.label(), part.shade(), part.text().strip()));
    }
  }

  private void table(Table table) {
    line("").line("### " + escape(table.title())).line("");
    row(table.columns());
    row(table.columns().stream().map(c -> "---").toList());
    table.rows().forEach(this::row);
  }

  private void metric(Metric metric) {
    String where =
        metric.where().entrySet().stream()
            .map(e -> e.getKey() + "=" + cell(e.getValue()))
            .collect(Collectors.joining(" "));
    row(
        List.of(
            metric.name(),
            where,
            metric.text(),
            metric.n().isPresent() ? String.valueOf(metric.n().getAsInt()) : ""));
  }

  private void row(List<?> cells) {
    line(cells.stream().map(c -> escape(cell(c))).collect(Collectors.joining(" | ", "| ", " |")));
  }

  static String cell(Object value) {
    return value instanceof Double number ? Numbers.text(number) : String.valueOf(value);
  }

  /** Text that neither ends a table cell nor begins markup. */
  private static String escape(Object value) {
    return String.valueOf(value)
        .replaceAll("([\\\\`*_{}\\[\\]<>#|])", "\\\\$1")
        .replaceAll("\\R", " ");
  }

  private ReportMarkdown line(String line) {
    text.append(line).append('\n');
    return this;
  }
}
