package dev.sonde.probe.linear;

import dev.sonde.api.evaluate.Evaluation;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.report.ClaimEvidence;
import dev.sonde.api.report.Metric;
import dev.sonde.statistics.Estimate;
import java.util.Arrays;
import java.util.Optional;

/**
 * What is known of the question whether the direction steers: what the dose that was chosen on
 * other rows does in the expected sense, how often directions of exchanged labels and random ones
 * do as much, what the orthogonalised control does, and what it costs neutral text.
 *
 * @param effects of the direction on the reported rows
 * @param control of the orthogonalised control on the same
 * @param cell the dose and the label, chosen on other rows
 * @param damage what that dose costs the rest of the model
 */
record SteeringClaim(
    Evaluation evaluation,
    Targets targets,
    HookPoint point,
    Effects effects,
    Effects control,
    Effects.Cell cell,
    DirectionTest random,
    DirectionTest exchanged,
    Damage damage) {

  /**
   * What a dose costs what has nothing to do with the direction.
   *
   * @param harm the loss added to neutral text
   * @param drift how far its predictions move; empty where that is not known
   * @param most what either may be, in nats a token
   * @param lost the share of choice questions lost; empty where there are none
   * @param mostLost what that may be
   */
  record Damage(
      Estimate harm,
      Optional<Estimate> drift,
      double most,
      Optional<Estimate> lost,
      double mostLost) {
    private ClaimEvidence limit(ClaimEvidence claim) {
      ClaimEvidence limited =
          claim.atMost(
              "harm to neutral text",
              metric("steer.harm", harm).unit("nats a token"),
              most,
              "the most that steer_harm allows");
      if (drift.isPresent()) {
        limited =
            limited.atMost(
                "change of its predictions (KL)",
                metric("steer.drift", drift.get()).unit("nats a token"),
                most,
                "the most that steer_harm allows");
      }
      return lost.isEmpty()
          ? limited
          : limited.atMost(
              "choice questions lost",
              metric("steer.guard_lost", lost.get()),
              mostLost,
              "the most that steer_guard_loss allows");
    }

    private static Metric metric(String name, Estimate estimate) {
      return Metric.of(name, estimate.value()).interval(estimate.low(), estimate.high());
    }
  }

  ClaimEvidence evidence() {
    Dose dose = effects.doses().get(cell.dose());
    double[] moved = effects.asExpected(cell);
    double[] byControl = control.asExpected(cell);
    double[] apart = moved.clone();
    Arrays.setAll(apart, row -> moved[row] - byControl[row]);
    String label = cell.positive() ? targets.positiveName() : targets.negativeName();
    String moves = effects.expected(cell) > 0 ? "rise" : "fall";
    ClaimEvidence claim =
        ClaimEvidence.of("steers", "Do answers follow the direction while the model stays whole?")
            .above(
                "%s of the log-probability of answers of '%s' rows (%s at %s, chosen on other rows)"
                    .formatted(moves, label, dose, point),
                mean(moved),
                0,
                "no change")
            .tested(
                "directions of exchanged labels and random ones of the states' covariance",
                Math.max(random.p(targets), exchanged.p(targets)),
                Math.max(random.smallest(), exchanged.smallest()))
            .rival("a direction of the same size at right angles", mean(byControl), mean(apart));
    ClaimEvidence limited = damage.limit(claim);
    return dose.mode() == Dose.Mode.ADD
        ? limited
        : limited.cannotTell(
            "scaling moves a state to whichever side it lies on, so nothing can be expected of it",
            "steer_modes with add");
  }

  private Metric mean(double[] values) {
    int[] rows = effects.rows(targets, cell.positive());
    return evaluation
        .withInterval(Metric.of("steer.effect", Effects.mean(values, rows)), values, rows)
        .n(rows.length)
        .unit("nats");
  }
}
