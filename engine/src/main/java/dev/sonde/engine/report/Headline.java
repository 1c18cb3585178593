package dev.sonde.engine.report;

import dev.sonde.api.report.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The few figures that an evaluation stands or falls by, in the order in which they should be read.
 * Screen, Markdown and HTML all begin with them.
 */
public final class Headline {
  private final List<Metric> metrics;
  private final String merit;
  private final Optional<Metric> best;

  private Headline(List<Metric> metrics) {
    this.metrics = metrics;
    this.merit = merit(metrics);
    this.best = best(metrics);
  }

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
    return new Headline(section.metrics()).lines();
  }

  private List<Line> lines() {
    List<Line> lines = new ArrayList<>(Verdict.of(metrics));
    best.ifPresent(
        m ->
            lines.add(
                new Line(
                    "best: " + place(m),
                    value(m),
                    "the highest of all tried, so too high by the optimism")));
    add(
        lines,
        merit + ".nested",
        "nested " + (merit.equals("auroc") ? "AUROC" : "Spearman"),
        "headline: chosen on inner folds only");
    add(lines, "optimism", "optimism", "best less nested");
    add(lines, merit + ".residualised", "confounds taken out", "length and the like regressed out");
    add(lines, "baseline.bag_of_words", "bag of words", "the prompt's words, no model");
    add(lines, "baseline.length", "length", "the prompt's characters, no model");
    add(lines, "baseline.random_init", "fresh weights", "the same search on an untrained model");
    add(lines, "baseline.embedding", "embedding", "the read token, before any block");
    add(lines, "baseline.embedding_mean", "mean embedding", "all tokens, before any block");
    add(lines, "selectivity", "selectivity", "task less control task, row-wise");
    add(
        lines,
        "mdl.bits_per_label",
        "online code",
        "what a label costs; 1 bit where nothing is known");
    add(lines, "p.max_over_layers", "p", "corrected over all layers");
    add(lines, "p.max_over_all", "p, all decoders", "corrected over all layers and decoders");
    return lines;
  }

  /**
   * The figure that selection goes by: {@code auroc}, or {@code spearman.label} of graded labels.
   */
  static String merit(List<Metric> metrics) {
    return metrics.stream().anyMatch(m -> m.name().equals("auroc")) ? "auroc" : "spearman.label";
  }

  /** The highest figure on held-out groups; a choice among many. */
  static Optional<Metric> best(List<Metric> metrics) {
    String merit = merit(metrics);
    return metrics.stream()
        .filter(m -> m.name().equals(merit) && "grouped".equals(m.where().get("split")))
        .filter(m -> m.value().isPresent())
        .reduce((a, b) -> b.value().getAsDouble() > a.value().getAsDouble() ? b : a);
  }

  /** Adds what there is of that name; of several decoders, the best one's. */
  private void add(List<Line> lines, String name, String what, String reading) {
    for (Metric metric : metrics) {
      if (metric.name().equals(name) && isShown(metric)) {
        Object method = metric.where().get("method");
        Object draws = metric.where().get("draws");
        lines.add(
            new Line(
                method == null ? what : what + ", " + method,
                value(metric),
                draws == null
                    ? reading
                    : "%s; %s labelings drawn, smallest p %s"
                        .formatted(
                            reading,
                            draws,
                            ReportMarkdown.cell(
                                metric.where().getOrDefault("smallest", "unknown")))));
      }
    }
  }

  private boolean isShown(Metric metric) {
    Object method = metric.where().get("method");
    boolean ofBest =
        method == null
            || metric.name().startsWith("p.")
            || best.filter(m -> method.equals(m.where().get("method"))).isPresent();
    return ofBest && !"linear".equals(metric.where().get("effect"));
  }

  /** A name of metrics as words. */
  static String words(String name) {
    return name.equals("random_init") ? "a model with fresh weights" : name.replace('_', ' ');
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
