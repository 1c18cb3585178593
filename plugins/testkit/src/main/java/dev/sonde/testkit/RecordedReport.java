package dev.sonde.testkit;

import dev.sonde.api.report.Claim;
import dev.sonde.api.report.ClaimEvidence;
import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Passage;
import dev.sonde.api.report.Report;
import dev.sonde.api.report.Table;
import java.util.ArrayList;
import java.util.List;

/** A section of a report that keeps what is added to it. */
public final class RecordedReport implements Report {
  private final List<Metric> metrics = new ArrayList<>();
  private final List<Table> tables = new ArrayList<>();
  private final List<Figure> figures = new ArrayList<>();
  private final List<Passage> passages = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<Claim> claims = new ArrayList<>();
  private final List<String> questions = new ArrayList<>();

  /** An empty section. */
  public RecordedReport() {}

  @Override
  public void metric(Metric metric) {
    metrics.add(metric);
  }

  @Override
  public void question(String sentence) {
    questions.add(sentence);
  }

  @Override
  public void claim(ClaimEvidence evidence) {
    claims.add(evidence.judged());
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

  /** The metrics so far. */
  public List<Metric> metrics() {
    return List.copyOf(metrics);
  }

  /** The tables so far. */
  public List<Table> tables() {
    return List.copyOf(tables);
  }

  /** The figures so far. */
  public List<Figure> figures() {
    return List.copyOf(figures);
  }

  /** The shaded texts so far. */
  public List<Passage> passages() {
    return List.copyOf(passages);
  }

  /** The remarks so far. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  /** The claims so far, with the answers that a run would give. */
  public List<Claim> claims() {
    return List.copyOf(claims);
  }

  /** Number of metrics, tables, figures, passages, notes and claims. */
  public int size() {
    return metrics.size()
        + tables.size()
        + figures.size()
        + passages.size()
        + notes.size()
        + claims.size();
  }

  /** Everything as text, to be compared. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    metrics.forEach(m -> lines.add(m.name() + " " + m.where() + " " + m.value()));
    tables.forEach(table -> lines.add(table.toString()));
    figures.forEach(
        f -> lines.addAll(List.of(f.name(), f.title(), f.caption(), f.vegaLite(), "" + f.data())));
    for (Passage passage : passages) {
      lines.addAll(List.of(passage.name(), passage.title(), passage.caption(), passage.lead()));
      passage
          .parts()
          .forEach(
              p ->
                  lines.add(
                      "%s [%s %s] %s %s"
                          .formatted(p.text(), p.label(), p.shade(), p.remark(), p.links())));
    }
    lines.addAll(notes);
    lines.addAll(questions);
    claims.forEach(claim -> lines.add(claim.toString()));
    return lines;
  }
}
