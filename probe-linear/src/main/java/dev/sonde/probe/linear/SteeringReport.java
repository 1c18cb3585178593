package dev.sonde.probe.linear;

import dev.sonde.api.evaluate.Evaluation;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Report;
import dev.sonde.api.report.Table;
import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Estimate;
import dev.sonde.trials.Harm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** What a steering experiment gave, as metrics, figures, notes and a table. */
final class SteeringReport {
  /** Unsteered accuracy from which on answers can hardly become better. */
  private static final double CEILING = 0.95;

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
   * @param harm to neutral text
   * @param ofTexts draws of the neutral texts
   */
  void everything(
      double[] unsteered,
      Effects control,
      DirectionTest random,
      DirectionTest exchanged,
      Harm harm,
      ClusterBootstrap ofTexts,
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
      Estimate cost = harm.estimate(dose, ofTexts);
      report.metric(
          dosed(
                  Metric.of("steer.harm", cost.value())
                      .interval(cost.low(), cost.high())
                      .at(point)
                      .n(harm.perDose()[dose].length),
                  dose)
              .unit("nats per token"));
    }
    for (int dose = 0; dose < harm.drift().length; dose++) {
      Estimate moved = harm.drift(dose, ofTexts).orElseThrow();
      report.metric(
          dosed(
                  Metric.of("steer.drift", moved.value())
                      .interval(moved.low(), moved.high())
                      .at(point)
                      .n(harm.drift()[dose].length),
                  dose)
              .unit("nats per token"));
    }
    report.metric(p("steer.p_random_direction", random));
    report.metric(p("steer.p_exchanged_labels", exchanged));
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
    return evaluation
        .withInterval(Metric.of(name, Effects.mean(values, rows)), values, rows)
        .at(point)
        .n(rows.length);
  }

  /**
   * Adds the accuracy of whole answers.
   *
   * @param rows that were answered
   * @param steered per dose, along the direction
   * @param control per dose, along the orthogonalised control
   * @param changed the test of a paired difference, one a row: how often exchanged signs of whole
   *     groups give as much, in either sense
   */
  void answers(
      int[] rows,
      Accuracy.Answers unsteered,
      List<Accuracy.Answers> steered,
      List<Accuracy.Answers> control,
      ToDoubleFunction<double[]> changed) {
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
      double before = Effects.mean(unsteered.right(), ofLabel);
      if (before >= CEILING) {
        report.note(
            "Ceiling: unsteered, %.0f %% of the '%s' rows are answered right, so steering can hardly make them better; only harm can be seen there."
                .formatted(100 * before, label(positive)));
      }
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
        change(unsteered, steered.get(dose), ofLabel, dose, positive, changed);
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

  /** The paired difference of accuracy, steered less unsteered. */
  private void change(
      Accuracy.Answers unsteered,
      Accuracy.Answers steered,
      int[] rows,
      int dose,
      boolean positive,
      ToDoubleFunction<double[]> changed) {
    double[] apart = new double[targets.size()];
    Arrays.fill(apart, Double.NaN);
    for (int row : rows) {
      apart[row] = steered.right()[row] - unsteered.right()[row];
    }
    report.metric(placed(mean("steer.accuracy_change", apart, rows), dose, positive));
    report.metric(
        placed(
            Metric.of("steer.accuracy_change_p", changed.applyAsDouble(apart)).at(point),
            dose,
            positive));
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

  private Metric p(String name, DirectionTest test) {
    return Metric.of(name, test.p(targets))
        .at(point)
        .where("draws", test.draws().size())
        .where("smallest", test.smallest())
        .n(test.draws().getFirst().rows().length);
  }
}
