package dev.sonde.engine.report;

import dev.sonde.api.report.Claim;
import dev.sonde.api.report.ClaimEvidence;
import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Passage;
import dev.sonde.api.report.Report;
import dev.sonde.api.report.Table;
import dev.sonde.engine.evaluate.Evaluated;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Collects a section while its probe runs. */
public final class SectionWriter implements Report {
  private static final Pattern NAME = Pattern.compile("[^\\s\\p{Cntrl}\\p{Cf}]+");

  /** Metrics of that name would be answers of the probe's own. */
  private static final String ANSWER = "verdict.";

  private final Thread owner = Thread.currentThread();
  private boolean finished;
  private String question = "";
  private int evaluations;
  private final List<Claim> evaluatedClaims = new ArrayList<>();
  private final List<Claim> probesClaims = new ArrayList<>();
  private final List<Headline.Line> headline = new ArrayList<>();
  private final List<Metric> metrics = new ArrayList<>();
  private final List<Table> tables = new ArrayList<>();
  private final List<Figure> figures = new ArrayList<>();
  private final List<Passage> passages = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private List<String> files = List.of();

  @Override
  public void metric(Metric metric) {
    requireOpen();
    requireName(metric.name(), "a metric");
    if (metric.name().startsWith(ANSWER)) {
      throw new IllegalArgumentException(
          "the metric '%s' would be an answer of the probe's own: put the question with report.claim"
              .formatted(metric.name()));
    }
    if (Report.isReserved(metric.name())) {
      throw new IllegalArgumentException(
          "the metric name '%s' is reserved for what the engine evaluates itself"
              .formatted(metric.name()));
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

  @Override
  public void question(String sentence) {
    requireOpen();
    question = Objects.requireNonNull(sentence, "what a probe asks");
  }

  @Override
  public void claim(ClaimEvidence evidence) {
    requireOpen();
    if (isTaken(evidence.name())) {
      throw new IllegalArgumentException(
          "the claim '%s' is there already".formatted(evidence.name()));
    }
    probesClaims.add(evidence.judged());
  }

  private boolean isTaken(String name) {
    return Stream.concat(evaluatedClaims.stream(), probesClaims.stream())
        .anyMatch(claim -> claim.evidence().name().equals(name));
  }

  /** Adds a metric of the engine's own, which may have a reserved name. */
  public void engines(Metric metric) {
    metrics.add(metric);
  }

  /**
   * Adds what an evaluation found.
   *
   * @return its questions with their answers
   */
  public List<Claim> evaluated(Evaluated evaluated) {
    metrics.addAll(evaluated.metrics());
    tables.addAll(evaluated.tables());
    notes.addAll(evaluated.notes());
    evaluations++;
    List<Claim> claims =
        EvaluationClaims.of(evaluated, evaluations).stream().map(ClaimEvidence::judged).toList();
    evaluatedClaims.addAll(claims);
    if (question.isEmpty()) {
      question = EvaluationClaims.question(evaluated);
    }
    headline.addAll(Headline.of(evaluated));
    EvaluationFigures.layerCurve(evaluated).ifPresent(figures::add);
    EvaluationFigures.transfer(evaluated).ifPresent(figures::add);
    ReliabilityFigure.of(evaluated).ifPresent(figures::add);
    return claims;
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

  /**
   * What evaluations have answered so far, for files that leave the report: a direction is taken
   * along whether or not the finding holds.
   */
  public Optional<String> answers() {
    return evaluatedClaims.isEmpty()
        ? Optional.empty()
        : Optional.of(
            evaluatedClaims.stream()
                .map(claim -> claim.evidence().question() + " " + claim.answer().word())
                .collect(Collectors.joining("; ")));
  }

  /** Says which files the probe wrote, by names within the run folder. */
  public void files(Collection<String> written) {
    files = List.copyOf(written);
  }

  /** Adds a remark of the engine's own, from whichever thread. */
  public void remark(String text) {
    notes.add(text);
  }

  /** The section so far. */
  public Section finish(String name, String plugin, Section.Status status) {
    finished = true;
    List<Claim> claims = new ArrayList<>(evaluatedClaims);
    claims.addAll(probesClaims);
    return new Section(
        name, plugin, status, question, claims, headline, metrics, tables, figures, passages,
        notes, files);
  }
}
