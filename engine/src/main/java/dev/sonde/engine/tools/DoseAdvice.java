package dev.sonde.engine.tools;

import dev.sonde.api.report.Metric;
import dev.sonde.statistics.Estimate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which dose to take: that of the largest effect among those whose damage lies within the limit.
 *
 * @param doses all that were tried
 * @param wanted what is wanted of a dose
 * @param most the limit, in nats a token
 */
record DoseAdvice(List<DoseEffect> doses, SteeringDoses.Wanted wanted, double most) {
  /** The dose; empty where none within the limit has an effect. */
  Optional<DoseEffect> recommended() {
    return strongest(doses.stream().filter(DoseEffect::within).toList());
  }

  /** That of the largest effect, the smaller one of two alike; empty where none has any. */
  private static Optional<DoseEffect> strongest(List<DoseEffect> some) {
    return some.stream()
        .filter(each -> each.dose() != 0 && each.effect().value() > 0)
        .max(
            Comparator.comparingDouble((DoseEffect each) -> each.effect().value())
                .thenComparingDouble(each -> -Math.abs(each.dose())));
  }

  /** The advice in words. */
  String sentence() {
    Optional<DoseEffect> best = recommended();
    if (best.isPresent()) {
      return "Take dose %s: it %s by %s, and %s; %s of either are allowed.%s"
          .formatted(
              number(best.get().dose()),
              wanted.verb(),
              figure(best.get().effect(), wanted.unit()),
              damage(best.get()),
              number(most),
              best.get().effect().low() > 0
                  ? ""
                  : " The interval of the effect holds 0, so that this may be chance.");
    }
    Optional<DoseEffect> any = strongest(doses);
    return any.isEmpty()
        ? "Take none: no dose that was tried %s.".formatted(wanted.verb())
        : "Take none: dose %s %s by %s, but %s, and %s of either are allowed; try smaller doses (--scales), or allow more (--max-damage)."
            .formatted(
                number(any.get().dose()),
                wanted.verb(),
                figure(any.get().effect(), wanted.unit()),
                damage(any.get()),
                number(most));
  }

  private static String damage(DoseEffect dose) {
    double loss = dose.harm().value();
    String harm =
        loss > 0
            ? "neutral text loses %s nats a token".formatted(Metric.text(loss))
            : "neutral text loses nothing (%s nats a token)".formatted(Metric.text(loss));
    return dose.drift()
        .map(
            drift ->
                "%s while its predictions move by %s nats a token (KL)"
                    .formatted(harm, Metric.text(drift.value())))
        .orElse(harm);
  }

  private static String figure(Estimate estimate, String unit) {
    return "%s %s [%s, %s]"
        .formatted(
            Metric.text(estimate.value()),
            unit,
            Metric.text(estimate.low()),
            Metric.text(estimate.high()));
  }

  /** A number without digits that say nothing. */
  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e6
        ? String.valueOf((long) value)
        : String.valueOf(value);
  }
}
