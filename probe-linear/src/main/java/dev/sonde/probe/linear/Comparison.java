package dev.sonde.probe.linear;

import dev.sonde.api.model.HookPoint;
import dev.sonde.api.report.ClaimEvidence;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Report;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.PairedFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is found of one further model, beside the main one: metrics, claims, lines of a table. */
final class Comparison {
  /** The heads of {@link #lines}. */
  static final List<String> COLUMNS =
      List.of("model", "figure", "main model", "this model", "main less this, paired");

  /** How often groups that matter may be missed, as a 95 % interval misses to one side. */
  private static final double MISSED = 0.025;

  /** Where a figure of one model stands alone in its line. */
  private static final String NOTHING = "";

  private final String model;
  private final int number;
  private final HookPoint point;
  private final Report report;
  private final List<List<Object>> lines = new ArrayList<>();

  /**
   * A comparison.
   *
   * @param model the further model's name
   * @param number which further model it is, from 1
   * @param point where the probe reads
   */
  Comparison(String model, int number, HookPoint point, Report report) {
    this.model = model;
    this.number = number;
    this.point = point;
    this.report = report;
  }

  String model() {
    return model;
  }

  /** The lines of the table so far. */
  List<List<Object>> lines() {
    return List.copyOf(lines);
  }

  /**
   * Adds a figure of both models: as metrics {@code compared.NAME} (this model) and {@code
   * compared.NAME_lost} (main less this), and as a line.
   *
   * @param words what it is, for the table
   * @return the metric of the difference
   */
  Metric pair(String name, String words, PairedFigures.Pair pair, int rows) {
    Metric main = metric(name, pair.first(), rows);
    Metric own = metric(name, pair.second(), rows);
    Metric lost = metric(name + "_lost", pair.difference(), rows);
    report.metric(own);
    report.metric(lost);
    lines.add(List.of(model, words, main.text(), own.text(), lost.text()));
    return lost;
  }

  /** Adds a figure that only the two models together have. */
  Metric single(String name, String words, Estimate estimate, int rows) {
    return single(words, metric(name, estimate, rows));
  }

  /** The same as a metric. */
  Metric single(String words, Metric metric) {
    report.metric(metric);
    lines.add(List.of(model, words, NOTHING, metric.text(), NOTHING));
    return metric;
  }

  /** A metric {@code compared.NAME} of this model. */
  Metric metric(String name, Estimate estimate, int rows) {
    return Metric.of("compared." + name, estimate.value())
        .interval(estimate.low(), estimate.high())
        .at(point)
        .where("with_model", model)
        .n(rows);
  }

  /** Adds a note about this model. */
  void note(String sentence) {
    report.note("Model '%s': %s".formatted(model, sentence));
  }

  /**
   * Asks whether a loss stays within what is allowed. So few groups that one in so many, which
   * loses all, might well not be among them cannot tell.
   *
   * @param what lower-case words joined by {@code _}
   * @param question with a place for the model's name
   * @param words what is lost
   * @param limit the setting that says how much may be
   * @param groups how many groups the loss was seen on
   */
  void claimLoss(
      String what,
      String question,
      String words,
      Metric lost,
      double most,
      String limit,
      int groups) {
    ClaimEvidence claim =
        ClaimEvidence.of(named(what), question.formatted(model))
            .atMost(words, lost, most, "the most that %s allows".formatted(limit))
            .testedByItsInterval();
    boolean within = lost.value().orElse(Double.NaN) <= most;
    report.claim(
        within && groups < enough(most)
            ? claim.cannotTell(
                "of %d groups, those that lose all may be missing, though they were a share of %s"
                    .formatted(groups, Metric.text(most)),
                "%s groups, or a larger %s".formatted(enough(most), limit))
            : claim);
  }

  /** So many groups that a share of all of them is missed in 2.5 of 100 data sets at most. */
  private static int enough(double share) {
    return share > 0 ? (int) Math.ceil(Math.log(MISSED) / Math.log(1 - share)) : 0;
  }

  /** Says that a question about a loss cannot be answered. */
  void claimUnknown(String what, String question, String why, String needed) {
    report.claim(ClaimEvidence.of(named(what), question.formatted(model)).cannotTell(why, needed));
  }

  private String named(String what) {
    String word = model.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
    return "%s_%d_%s".formatted(what, number, word);
  }
}
