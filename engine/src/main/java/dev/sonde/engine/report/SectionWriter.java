package dev.sonde.engine.report;

import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Passage;
import dev.sonde.api.report.Report;
import dev.sonde.api.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Collects a section while its probe runs. */
public final class SectionWriter implements Report {
  private static final Pattern RESERVED =
      Pattern.compile(
          "(auroc|accuracy|selectivity|optimism)(\\..*)?|(p|baseline|mdl|spearman|pearson|transfer)\\..*|rows\\.truncated");

  private final List<Metric> metrics = new ArrayList<>();
  private final List<Table> tables = new ArrayList<>();
  private final List<Figure> figures = new ArrayList<>();
  private final List<Passage> passages = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  @Override
  public void metric(Metric metric) {
    if (RESERVED.matcher(metric.name()).matches()) {
      throw new IllegalArgumentException(
          "the metric name '%s' is reserved for what the engine evaluates itself"
              .formatted(metric.name()));
    }
    metrics.add(metric);
  }

  /** Adds metrics of the engine's own, which may have reserved names. */
  public void evaluated(List<Metric> evaluated) {
    metrics.addAll(evaluated);
  }

  @Override
  public void table(Table table) {
    tables.add(table);
  }

  @Override
  public void figure(Figure figure) {
    figures.add(figure);
  }

  @Override
  public void passage(Passage passage) {
    passages.add(passage);
  }

  @Override
  public void note(String text) {
    notes.add(text);
  }

  /** The section so far. */
  public Section finish(String name, String plugin, Section.Status status) {
    return new Section(name, plugin, status, metrics, tables, figures, passages, notes);
  }
}
