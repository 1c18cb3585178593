package dev.sonde.engine.cli;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.report.Metric;
import dev.sonde.engine.ModelTools.DoseLine;
import dev.sonde.engine.ModelTools.DoseTable;
import dev.sonde.engine.report.ReportJson;
import dev.sonde.formats.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A table of doses for people, for programs, and as a file. */
final class DosesShown {
  private static final String UNKNOWN = "–";

  private DosesShown() {}

  /** Prints the table and the advice. */
  static void print(DoseTable table, Terminal terminal) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of("dose", "effect", table.share(), "neutral text loses", "its predictions move", ""));
    for (DoseLine line : table.lines()) {
      rows.add(
          List.of(
              scale(line.scale()),
              figure(line.effect()),
              percent(line.share()),
              figure(line.harm()),
              figure(line.divergence()),
              line.within() ? "" : "too much"));
    }
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    rows.forEach(
        row -> {
          for (int c = 0; c < columns; c++) {
            widths[c] = Math.max(widths[c], row.get(c).length());
          }
        });
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < columns; c++) {
        line.append(
            ("%" + (c == 0 ? "" : "-") + Math.max(1, widths[c]) + "s  ").formatted(row.get(c)));
      }
      terminal.out().println(Terminal.harmless(line.toString().stripTrailing()));
    }
    terminal.out().println();
    terminal.paragraph(
        Terminal.harmless(
            "Effect: by how much a dose %s, mean over %d prompts. '%s' is their share; unsteered it is %s. What happens to neutral text is in nats a token, over %d texts. Intervals hold 95 %%."
                .formatted(
                    table.effect(),
                    table.prompts(),
                    table.share(),
                    percent(table.shareBefore()),
                    table.neutral())),
        0);
    terminal.out().println();
    terminal.paragraph(Terminal.harmless(table.sentence()), 0);
  }

  private static String scale(double scale) {
    return scale == Math.rint(scale)
        ? String.valueOf((long) scale)
        : String.format(Locale.ROOT, "%s", scale);
  }

  private static String figure(List<Double> figure) {
    return figure.isEmpty()
        ? UNKNOWN
        : "%s [%s, %s]"
            .formatted(
                Metric.text(figure.getFirst()),
                Metric.text(figure.get(1)),
                Metric.text(figure.get(2)));
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }

  /** The table for programs. */
  static Map<String, Object> json(DoseTable table) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("effect", table.effect());
    all.put("share", table.share());
    all.put("prompts", table.prompts());
    all.put("neutral_texts", table.neutral());
    all.put("share_unsteered", table.shareBefore());
    all.put("doses", table.lines().stream().map(DosesShown::object).toList());
    table.recommended().ifPresent(dose -> all.put("recommended", dose));
    all.put("sentence", table.sentence());
    return all;
  }

  private static Map<String, Object> object(DoseLine line) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("dose", line.scale());
    put(all, "effect", line.effect());
    all.put("share", line.share());
    put(all, "harm", line.harm());
    put(all, "kl", line.divergence());
    all.put("within", line.within());
    return all;
  }

  private static void put(Map<String, Object> all, String name, List<Double> figure) {
    if (!figure.isEmpty()) {
      all.put(name, figure.getFirst());
      // with few groups there is no interval
      if (Double.isFinite(figure.get(1)) && Double.isFinite(figure.get(2))) {
        all.put(name + "_low", figure.get(1));
        all.put(name + "_high", figure.get(2));
      }
    }
  }

  /** Refuses a file that exists. */
  static void requireFree(Path file, boolean overwrite) {
    if (Files.exists(file) && !overwrite) {
      throw new InvalidInputException(
          "%s exists; name another file with --out, or use --overwrite".formatted(file));
    }
  }

  /** Writes the table, as comma-separated values if the file's name says so, else as JSON lines. */
  static void write(DoseTable table, Path file) {
    List<Map<String, Object>> lines = table.lines().stream().map(DosesShown::object).toList();
    String text =
        file.toString().endsWith(".csv")
            ? csv(lines)
            : lines.stream()
                .map(line -> ReportJson.line(line) + "\n")
                .collect(Collectors.joining());
    try {
      Files.createDirectories(file.toAbsolutePath().resolveSibling(""));
      WholeFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new InvalidInputException(
          "%s: cannot be written: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static String csv(List<Map<String, Object>> lines) {
    List<String> names = lines.stream().flatMap(line -> line.keySet().stream()).distinct().toList();
    StringBuilder text = new StringBuilder(String.join(",", names)).append('\n');
    for (Map<String, Object> line : lines) {
      text.append(
              names.stream()
                  .map(name -> String.valueOf(line.getOrDefault(name, "")))
                  .collect(Collectors.joining(",")))
          .append('\n');
    }
    return text.toString();
  }
}
