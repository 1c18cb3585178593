package dev.sonde.probe.linear;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.statistics.PValues;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * What a direction does in a cell, among what directions do there that should do nothing.
 *
 * @param cell the dose and the label, chosen on other rows
 * @param observed the direction's mean change in the expected sense, in nats, on the same rows
 * @param draws effects of the others
 */
record DirectionTest(Effects.Cell cell, double observed, List<Effects> draws) {
  /** Vectors are float32, so effects that differ by less than this share of them are the same. */
  private static final double ROUNDING = 1e-5;

  /** The share of all, the direction among them, that do at least as much. */
  double p(Targets targets) {
    return PValues.of(
        observed - ROUNDING * Math.abs(observed),
        draws.stream().mapToDouble(draw -> draw.meanAsExpected(targets, cell)).toArray());
  }

  /** The smallest p that so many draws can give. */
  double smallest() {
    return 1.0 / (1 + draws.size());
  }

  /** The draws' mean changes under a dose, of either label. */
  double[] means(Targets targets, int dose) {
    return draws.stream()
        .flatMapToDouble(
            draw ->
                DoubleStream.of(
                    draw.mean(targets, new Effects.Cell(dose, true)),
                    draw.mean(targets, new Effects.Cell(dose, false))))
        .toArray();
  }
}
