package dev.sonde.probe.linear;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.statistics.PValues;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * The statistic of a direction among those of directions that should do nothing.
 *
 * @param statistic of the direction, over the same rows and doses
 * @param draws effects of the others
 */
record NullTest(double statistic, List<Effects> draws) {
  /** The share of all, the direction among them, that do at least as much. */
  double p(Targets targets) {
    return PValues.of(
        statistic, draws.stream().mapToDouble(draw -> draw.statistic(targets)).toArray());
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
