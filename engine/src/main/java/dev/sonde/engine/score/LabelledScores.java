package dev.sonde.engine.score;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.Example;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.report.ClaimEvidence;
import dev.sonde.api.report.Metric;
import dev.sonde.engine.evaluate.control.Intervals;
import dev.sonde.engine.evaluate.control.Threshold;
import dev.sonde.engine.evaluate.fit.Folds;
import dev.sonde.engine.evaluate.fit.Split;
import dev.sonde.engine.experiment.Seeds;
import dev.sonde.engine.fitted.ProbabilityCurve;
import dev.sonde.engine.fitted.SavedProbe;
import dev.sonde.engine.fitted.SavedProbe.KeptThreshold;
import dev.sonde.engine.fitted.SavedProbe.Reading;
import dev.sonde.engine.score.ScoreRequest.Labelled;
import dev.sonde.statistics.Auroc;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Groups;
import dev.sonde.statistics.Reliability;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The scores of one probe beside labels that it has not seen. */
final class LabelledScores {
  /** Folds on which a curve of probabilities is held against rows that it was not fitted to. */
  private static final int FOLDS = 5;

  /** How far a threshold may be off: so many times the rate that was asked for. */
  private static final double ALLOWED = 2;

  private final SavedProbe probe;
  private final Reading reading;
  private final Labelled names;
  private final Seeds seeds = new Seeds(17);
  private final List<Double> scores = new ArrayList<>();
  private final List<Boolean> positive = new ArrayList<>();
  private final List<String> groups = new ArrayList<>();

  LabelledScores(SavedProbe probe, Reading reading, Labelled names) {
    this.probe = probe;
    this.reading = reading;
    this.names = names;
  }

  SavedProbe probe() {
    return probe;
  }

  void add(Example example, double score) {
    scores.add(score);
    positive.add(example.text(names.column()).equals(names.positive()));
    groups.add(names.group().map(example::text).orElse(example.id()));
  }

  /** The rows as figures see them. */
  private record Table(double[] scores, Targets targets, boolean[] positive, Groups numbered) {}

  private Table table() {
    boolean[] labels = new boolean[positive.size()];
    for (int row = 0; row < labels.length; row++) {
      labels[row] = positive.get(row);
    }
    Targets targets = Targets.binary(labels, probe.positive(), probe.negative());
    if (!targets.vary()) {
      throw new InvalidInputException(
          "all rows are of one class: %d of %d hold '%s' in the column '%s'"
              .formatted(targets.positives(), labels.length, names.positive(), names.column()));
    }
    return new Table(
        scores.stream().mapToDouble(Double::doubleValue).toArray(),
        targets,
        labels,
        Groups.of(groups));
  }

  private Intervals intervals(Table table) {
    return Intervals.of(table.targets(), groups, seeds.random("intervals"));
  }

  /** What the labels say of the probe, a line each. */
  List<String> lines() {
    Table table = table();
    Intervals intervals = intervals(table);
    Auroc order = Auroc.of(table.scores(), table.positive());
    Estimate auroc = intervals.merit(weights -> order.pairs(weights).auroc());
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s: %d rows in %d groups, %d positive; AUROC %s"
            .formatted(
                probe.name(),
                table.scores().length,
                table.numbered().count(),
                table.targets().positives(),
                text(auroc)));
    boolean asMade = reading.equals(probe.reading());
    for (KeptThreshold kept : asMade ? probe.thresholds() : List.<KeptThreshold>of()) {
      lines.addAll(drift(kept, table, intervals));
    }
    return lines;
  }

  private List<String> drift(KeptThreshold kept, Table table, Intervals intervals) {
    Estimate rate =
        intervals.share(
            Threshold.flagged(table.scores(), table.targets(), kept.score()), table.numbered());
    Estimate recall =
        intervals.share(
            Threshold.found(table.scores(), table.targets(), kept.score()), table.numbered());
    String asked = percent(kept.asked());
    String claim =
        ClaimEvidence.of(
                "threshold_holds",
                "Does the threshold for %s false positives keep to at most %s here?"
                    .formatted(asked, percent(ALLOWED * kept.asked())))
            .atMost(
                "false-positive rate",
                Metric.of("threshold.false_positives", rate.value())
                    .interval(rate.low(), rate.high())
                    .n(table.scores().length),
                ALLOWED * kept.asked(),
                "twice what was asked for")
            .testedByItsInterval()
            .judged()
            .toString();
    List<String> lines = new ArrayList<>();
    lines.add("  " + claim);
    lines.add(
        "    threshold %s: flags %s of the negative rows and %s of the positive ones"
            .formatted(Metric.text(kept.score()), text(rate), text(recall)));
    Threshold.of(
            table.scores(),
            table.targets(),
            kept.asked(),
            table.numbered(),
            hits -> intervals.share(hits, table.numbered()))
        .ifPresent(other -> lines.add(moved(asked, other.score(), kept.score(), table)));
    return lines;
  }

  private static String moved(String asked, double here, double there, Table table) {
    double by = (here - there) / deviation(table);
    return "    for %s here it would be %s, which is %s standard deviations of the negative rows %s"
        .formatted(
            asked, Metric.text(here), Metric.text(Math.abs(by)), by < 0 ? "lower" : "higher");
  }

  private static double deviation(Table table) {
    double[] negatives =
        IntStream.range(0, table.scores().length)
            .filter(row -> !table.positive()[row])
            .mapToDouble(row -> table.scores()[row])
            .toArray();
    double mean = Arrays.stream(negatives).sum() / negatives.length;
    double squares = 0;
    for (double score : negatives) {
      squares += (score - mean) * (score - mean) / negatives.length;
    }
    return squares > 0 ? Math.sqrt(squares) : 1;
  }

  private static String text(Estimate estimate) {
    return "%s [%s, %s]"
        .formatted(
            Metric.text(estimate.value()),
            Metric.text(estimate.low()),
            Metric.text(estimate.high()));
  }

  private static String percent(double share) {
    return BigDecimal.valueOf(share)
            .movePointRight(2)
            .setScale(1, RoundingMode.HALF_EVEN)
            .stripTrailingZeros()
            .toPlainString()
        + " %";
  }

  /**
   * How the first of some probes does beside each other one on the same rows, a line each.
   *
   * @param all of the same rows
   */
  static List<String> compared(List<LabelledScores> all) {
    List<String> lines = new ArrayList<>();
    LabelledScores first = all.getFirst();
    Table table = first.table();
    Intervals intervals = first.intervals(table);
    Auroc own = Auroc.of(table.scores(), table.positive());
    for (LabelledScores other : all.subList(1, all.size())) {
      Auroc beside = Auroc.of(other.table().scores(), table.positive());
      Estimate difference =
          intervals.difference(
              weights -> own.pairs(weights).auroc(), weights -> beside.pairs(weights).auroc());
      lines.add(
          ClaimEvidence.of(
                  "tells_more",
                  "Does %s tell more than %s here?"
                      .formatted(first.probe.name(), other.probe.name()))
              .above(
                  "difference of AUROC, paired by groups",
                  Metric.of("auroc.difference", difference.value())
                      .interval(difference.low(), difference.high())
                      .n(table.scores().length),
                  0,
                  "none")
              .testedByItsInterval()
              .judged()
              .toString());
    }
    return lines;
  }

  /** The probe with a curve and thresholds of these rows, and how true its probabilities are. */
  record Calibrated(SavedProbe probe, List<String> lines) {}

  /**
   * Calibrates; nothing is fitted but a curve of one score.
   *
   * @param kind {@code platt} or {@code isotonic}
   * @param source what the rows are called
   */
  Calibrated calibrated(String kind, String source) {
    Table table = table();
    Intervals intervals = intervals(table);
    List<KeptThreshold> set =
        Threshold.all(
                table.scores(),
                table.targets(),
                table.numbered(),
                hits -> intervals.share(hits, table.numbered()))
            .stream()
            .map(KeptThreshold::of)
            .toList();
    SavedProbe other =
        probe.calibrated(
            reading,
            Optional.of(ProbabilityCurve.fitted(kind, table.scores(), table.positive())),
            set,
            Map.of(
                "name",
                source,
                "rows",
                (long) table.scores().length,
                "groups",
                (long) table.numbered().count(),
                "positive_rows",
                (long) table.targets().positives()));
    List<String> lines = new ArrayList<>();
    reliability(kind, table)
        .ifPresent(
            reliable ->
                lines.add(
                    "  probabilities (%s): calibration error %s on groups that the curve was not fitted to; %s if all were true"
                        .formatted(
                            kind,
                            Metric.text(reliable.error()),
                            Metric.text(reliable.errorIfTrue()))));
    for (KeptThreshold one : set) {
      lines.add(
          "  threshold for %s false positives: %s; flags %s [%s, %s] in groups it was not set on"
              .formatted(
                  percent(one.asked()),
                  Metric.text(one.score()),
                  Metric.text(one.rate()),
                  Metric.text(one.low()),
                  Metric.text(one.high())));
    }
    if (set.size() < Threshold.RATES.size()) {
      lines.add("  too few negative rows for the smallest rates: a rate of 1 % needs 99 of them");
    }
    return new Calibrated(other, lines);
  }

  private Optional<Reliability> reliability(String kind, Table table) {
    if (table.numbered().count() < 2) {
      return Optional.empty();
    }
    int folds = Math.min(FOLDS, table.numbered().count());
    Reliability.Collected rows = new Reliability.Collected();
    for (Split split :
        Folds.splits(Folds.grouped(groups, folds, seeds.random("calibration folds")))) {
      if (table.targets().select(split.train()).vary()) {
        ProbabilityCurve curve =
            ProbabilityCurve.fitted(
                kind,
                IntStream.of(split.train()).mapToDouble(row -> table.scores()[row]).toArray(),
                select(table.positive(), split.train()));
        for (int row : split.test()) {
          rows.add(curve.probability(table.scores()[row]), table.positive()[row]);
        }
      }
    }
    return rows.reliability(seeds.random("reliability"));
  }

  private static boolean[] select(boolean[] all, int[] rows) {
    boolean[] some = new boolean[rows.length];
    for (int i = 0; i < rows.length; i++) {
      some[i] = all[rows[i]];
    }
    return some;
  }
}
