package dev.sonde.engine.report;

import dev.sonde.api.report.Metric;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The few figures that an evaluation stands or falls by, in the order in which they should be read.
 * Screen, Markdown and HTML all begin with them.
 */
public final class Headline {
  private Headline() {}

  /**
   * One line.
   *
   * @param what the figure in words
   * @param value its value with interval
   * @param reading what it means
   */
  public record Line(String what, String value, String reading) {}

  /** The lines of a section; none where it evaluated nothing. */
  public static List<Line> of(Section section) {
    List<Line> lines = new ArrayList<>();
    best(section)
        .ifPresent(
            m ->
                lines.add(
                    new Line(
                        "best: " + place(m),
                        value(m),
                        "the highest of all tried, so too high by the optimism")));
    add(lines, section, "auroc.nested", "nested AUROC", "headline: chosen on inner folds only");
    add(lines, section, "optimism", "optimism", "best less nested");
    add(
        lines,
        section,
        "auroc.residualised",
        "confounds taken out",
        "length and the like regressed out");
    add(lines, section, "baseline.bag_of_words", "bag of words", "the prompt's words, no model");
    add(lines, section, "baseline.length", "length", "the prompt's characters, no model");
    add(lines, section, "baseline.embedding", "embedding", "the read token, before any block");
    add(
        lines,
        section,
        "baseline.embedding_mean",
        "mean embedding",
        "all tokens, before any block");
    add(lines, section, "selectivity", "selectivity", "task less control task, row-wise");
    add(lines, section, "p.max_over_layers", "p", "corrected over all layers");
    return lines;
  }

  private static Optional<Metric> best(Section section) {
    return section.metrics().stream()
        .filter(m -> m.name().equals("auroc") && "grouped".equals(m.where().get("split")))
        .filter(m -> m.value().isPresent())
        .max(Comparator.comparingDouble(m -> m.value().getAsDouble()));
  }

  private static void add(
      List<Line> lines, Section section, String name, String what, String reading) {
    for (Metric metric : section.metrics()) {
      if (metric.name().equals(name)) {
        Object method = metric.where().get("method");
        Object draws = metric.where().get("draws");
        lines.add(
            new Line(
                method == null ? what : what + ", " + method,
                value(metric),
                draws == null ? reading : "%s, %s labelings drawn".formatted(reading, draws)));
      }
    }
  }

  /** A metric's coordinates in a few words. */
  static String place(Metric metric) {
    Object layer = metric.where().get("layer");
    return "%s, %s%s"
        .formatted(
            metric.where().get("method"),
            layer == null ? "" : "layer " + layer + " ",
            metric.where().get("site"));
  }

  /** A metric's value and interval, to three digits. */
  public static String value(Metric metric) {
    if (metric.value().isEmpty()) {
      return "none";
    }
    String value = number(metric.value().getAsDouble());
    if (metric.low().isPresent() && metric.high().isPresent()) {
      value +=
          " [%s, %s]"
              .formatted(number(metric.low().getAsDouble()), number(metric.high().getAsDouble()));
    }
    return metric.unit().isEmpty() ? value : value + " " + metric.unit();
  }

  /** Three decimals, or three significant digits where the number is small or large. */
  static String number(double value) {
    double size = Math.abs(value);
    return size == 0 || (size >= 1e-3 && size < 1e5)
        ? String.format(Locale.ROOT, "%.3f", value)
        : String.format(Locale.ROOT, "%.2e", value);
  }
}
