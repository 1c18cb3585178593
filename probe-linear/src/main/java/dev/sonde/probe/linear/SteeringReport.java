package dev.sonde.probe.linear;

import dev.sonde.api.evaluate.Evaluation;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Report;
import dev.sonde.api.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** What a steering experiment gave, as metrics, figures, notes and a claim of the verdict. */
final class SteeringReport {
  /** The largest p that is taken for more than chance. */
  private static final double SIGNIFICANT = 0.05;

  private final Report report;
  private final Evaluation evaluation;
  private final Targets targets;
  private final HookPoint point;
  private final Effects effects;

  /**
   * A report.
   *
   * @param point where the direction comes from
   * @param effects those of the direction on the reported rows
   */
  SteeringReport(
      Report report, Evaluation evaluation, Targets targets, HookPoint point, Effects effects) {
    this.report = report;
    this.evaluation = evaluation;
    this.targets = targets;
    this.point = point;
    this.effects = effects;
  }

  /**
   * Adds everything.
   *
   * @param unsteered log-probability of each row's answer
   * @param control effects of the orthogonalised control
   * @param neutral per dose, the change of neutral text
   * @param headline the cell with the largest effect on the rows for the choice
   */
  void everything(
      double[] unsteered,
      Effects control,
      NullTest random,
      NullTest exchanged,
      double[] neutral,
      Effects.Cell headline,
      AnswerTokens tokens) {
    for (boolean positive : new boolean[] {true, false}) {
      report.metric(
          mean("steer.log_prob", unsteered, positive)
              .where("subset", label(positive))
              .unit("nats"));
    }
    for (int dose = 0; dose < effects.doses().size(); dose++) {
      for (boolean positive : new boolean[] {true, false}) {
        report.metric(
            placed(mean("steer.effect", effects.change()[dose], positive), dose, positive)
                .unit("nats"));
        report.metric(
            placed(
                    mean("steer.effect_orthogonal", control.change()[dose], positive),
                    dose,
                    positive)
                .unit("nats"));
        if (tokens.compared()) {
          report.metric(
              placed(mean("steer.flips", effects.flipped()[dose], positive), dose, positive));
        }
      }
      report.metric(
          dosed(Metric.of("steer.neutral", neutral[dose]).at(point), dose).unit("nats per token"));
    }
    report.metric(p("steer.p_random_direction", random));
    report.metric(p("steer.p_exchanged_labels", exchanged));
    claim(random, exchanged, neutral[headline.dose()], headline, tokens.compared());
    DoseResponse.figures(effects, evaluation, targets, point, random).forEach(report::figure);
    if (!tokens.declared()) {
      report.note(
          "Rows name no answer: steering is measured on the first token of the model's own"
              + " unsteered answer, whether that is right or wrong.");
    }
    if (effects.doses().stream().anyMatch(dose -> dose.mode() == Dose.Mode.SCALE)) {
      report.note(
          "Steering by scale lengthens or shortens the part that a state has along the direction,"
              + " on whichever side it lies: alpha above 0 pushes rows of the negative side further"
              + " to that side. It is not the same as adding the direction.");
    }
  }

  private Metric mean(String name, double[] values, boolean positive) {
    return mean(name, values, effects.rows(targets, positive));
  }

  private Metric mean(String name, double[] values, int[] rows) {
    Evaluation.Interval interval = evaluation.meanInterval(values, rows);
    return Metric.of(name, Effects.mean(values, rows))
        .interval(interval.low(), interval.high())
        .at(point)
        .n(rows.length);
  }

  /**
   * Adds the accuracy of whole answers.
   *
   * @param rows that were answered
   * @param steered per dose, along the direction
   * @param control per dose, along the orthogonalised control
   */
  void answers(
      int[] rows,
      Accuracy.Answers unsteered,
      List<Accuracy.Answers> steered,
      List<Accuracy.Answers> control) {
    List<List<Object>> lines = new ArrayList<>();
    for (boolean positive : new boolean[] {true, false}) {
      int[] ofLabel = IntStream.of(rows).filter(row -> targets.positive(row) == positive).toArray();
      report.metric(
          mean("steer.accuracy_unsteered", unsteered.right(), ofLabel)
              .where("subset", label(positive)));
      report.metric(
          mean("steer.unparsed_unsteered", unsteered.unparsed(), ofLabel)
              .where("subset", label(positive)));
      lines.add(line(label(positive), "unsteered", 0, ofLabel, unsteered, unsteered));
      for (int dose = 0; dose < steered.size(); dose++) {
        Dose of = effects.doses().get(dose);
        lines.add(
            line(
                label(positive),
                of.mode().word(),
                of.alpha(),
                ofLabel,
                steered.get(dose),
                control.get(dose)));
        report.metric(
            placed(mean("steer.accuracy", steered.get(dose).right(), ofLabel), dose, positive));
        report.metric(
            placed(mean("steer.unparsed", steered.get(dose).unparsed(), ofLabel), dose, positive));
        report.metric(
            placed(
                mean("steer.accuracy_orthogonal", control.get(dose).right(), ofLabel),
                dose,
                positive));
      }
    }
    report.table(
        Table.of(
            "steered_answers",
            "Whole answers: shares that are right, and that could not be read",
            List.of("label", "mode", "alpha", "right", "right, orthogonal control", "unreadable"),
            lines));
  }

  private static List<Object> line(
      String label,
      String mode,
      double alpha,
      int[] rows,
      Accuracy.Answers steered,
      Accuracy.Answers control) {
    return List.of(
        label,
        mode,
        alpha,
        Effects.mean(steered.right(), rows),
        Effects.mean(control.right(), rows),
        Effects.mean(steered.unparsed(), rows));
  }

  private Metric placed(Metric metric, int dose, boolean positive) {
    return dosed(metric, dose).where("subset", label(positive));
  }

  private Metric dosed(Metric metric, int dose) {
    Dose of = effects.doses().get(dose);
    return metric.where("mode", of.mode().word()).where("alpha", of.alpha());
  }

  private String label(boolean positive) {
    return positive ? targets.positiveName() : targets.negativeName();
  }

  private Metric p(String name, NullTest test) {
    return Metric.of(name, test.p(targets))
        .at(point)
        .where("draws", test.draws().size())
        .where("smallest", test.smallest())
        .n(test.draws().getFirst().rows().length);
  }

  /** The rule: both p at most 0.05, and the interval of the dose chosen elsewhere without 0. */
  private void claim(
      NullTest random, NullTest exchanged, double damage, Effects.Cell cell, boolean compared) {
    double[] change = effects.change()[cell.dose()];
    int[] rows = effects.rows(targets, cell.positive());
    Evaluation.Interval interval = evaluation.meanInterval(change, rows);
    double pRandom = random.p(targets);
    double pExchanged = exchanged.p(targets);
    boolean steers =
        Math.max(pRandom, pExchanged) <= SIGNIFICANT && interval.low() * interval.high() > 0;
    String because =
        String.format(
            Locale.ROOT,
            "%s at %s, chosen on other rows, changes the log-probability of the answer of '%s' rows"
                + " by %.2f [%.2f, %.2f] nats; p %.3f against random directions of the same size,"
                + " %.3f against those of exchanged labels",
            effects.doses().get(cell.dose()),
            point,
            label(cell.positive()),
            Effects.mean(change, rows),
            interval.low(),
            interval.high(),
            pRandom,
            pExchanged);
    if (compared) {
      because +=
          String.format(
              Locale.ROOT,
              "; %.0f %% of these rows get another answer",
              100 * Effects.mean(effects.flipped()[cell.dose()], rows));
    }
    because += String.format(Locale.ROOT, "; neutral text changes by %.2f nats a token", damage);
    report.metric(Metric.of("verdict.steers", steers ? 1 : 0).where("because", because));
  }
}
