package dev.sonde.engine.report;

import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Passage;
import dev.sonde.api.report.Report;
import dev.sonde.api.report.Table;
import dev.sonde.engine.evaluate.Evaluated;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/** Collects a section while its probe runs. */
public final class SectionWriter implements Report {
  private static final Pattern RESERVED =
      Pattern.compile(
          "(auroc|accuracy|selectivity|optimism)(\\..*)?|(p|baseline|mdl|spearman|pearson|transfer)\\..*|rows\\.truncated");

  private static final Pattern NAME = Pattern.compile("[^\\s\\p{Cntrl}\\p{Cf}]+");

  /** Metrics that begin with it are claims of a probe: 1 holds, 0 was not shown. */
  private static final String CLAIM = "verdict.";

  private final Thread owner = Thread.currentThread();
  private boolean finished;
  private final List<Claim> evaluatedClaims = new ArrayList<>();
  private final List<Claim> probesClaims = new ArrayList<>();
  private final List<Headline.Line> headline = new ArrayList<>();
  private final List<Metric> metrics = new ArrayList<>();
  private final List<Table> tables = new ArrayList<>();
  private final List<Figure> figures = new ArrayList<>();
  private final List<Passage> passages = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  @Override
  public void metric(Metric metric) {
    requireOpen();
    requireName(metric.name(), "a metric");
    if (RESERVED.matcher(metric.name()).matches()) {
      throw new IllegalArgumentException(
          "the metric name '%s' is reserved for what the engine evaluates itself"
              .formatted(metric.name()));
    }
    if (metric.name().startsWith(CLAIM)) {
      probesClaims.add(claim(metric));
    }
    metrics.add(metric);
  }

  /** A report belongs to the thread of its probe, as long as that runs. */
  private void requireOpen() {
    if (finished) {
      throw new IllegalStateException("the probe has ended; nothing can be added to its report");
    }
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException(
          "a report is written by the probe's own thread, not by " + Thread.currentThread());
    }
  }

  private static void requireName(String name, String of) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'%s' cannot be the name of %s: use letters, digits, '.', '_' and '-'"
              .formatted(name, of));
    }
  }

  private static Claim claim(Metric metric) {
    boolean plain = metric.value().stream().allMatch(value -> value == 0 || value == 1);
    if (metric.name().length() == CLAIM.length() || !plain) {
      throw new IllegalArgumentException(
          "%s is no claim: a claim has a name, and is 1 where it holds and 0 where it does not"
              .formatted(metric.name()));
    }
    return new Claim(
        metric.name().substring(CLAIM.length()).replace('_', ' '),
        metric.value().orElse(0) > 0 ? Claim.Answer.YES : Claim.Answer.NOT_SHOWN,
        String.valueOf(metric.where().getOrDefault("because", "")));
  }

  /** Adds a metric of the engine's own, which may have a reserved name. */
  public void engines(Metric metric) {
    metrics.add(metric);
  }

  /** Adds what an evaluation found. */
  public void evaluated(Evaluated evaluated) {
    metrics.addAll(evaluated.metrics());
    notes.addAll(evaluated.notes());
    evaluatedClaims.addAll(Verdict.of(evaluated));
    headline.addAll(Headline.of(evaluated));
    EvaluationFigures.layerCurve(evaluated).ifPresent(figures::add);
    EvaluationFigures.transfer(evaluated).ifPresent(figures::add);
  }

  @Override
  public void table(Table table) {
    requireOpen();
    requireName(table.name(), "a table");
    tables.add(table);
  }

  @Override
  public void figure(Figure figure) {
    requireOpen();
    requireName(figure.name(), "a figure");
    VegaLite.complete(figure); // refuses what cannot be drawn
    figures.add(figure);
  }

  @Override
  public void passage(Passage passage) {
    requireOpen();
    requireName(passage.name(), "a passage");
    passages.add(passage);
  }

  @Override
  public void note(String text) {
    requireOpen();
    notes.add(Objects.requireNonNull(text, "a note"));
  }

  /** The section so far. */
  public Section finish(String name, String plugin, Section.Status status) {
    finished = true;
    List<Claim> claims = new ArrayList<>(evaluatedClaims);
    claims.addAll(probesClaims);
    return new Section(
        name, plugin, status, claims, headline, metrics, tables, figures, passages, notes);
  }
}
