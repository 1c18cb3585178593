package dev.sonde.engine.evaluate;

import dev.sonde.engine.evaluate.control.EvaluationRun;
import dev.sonde.engine.evaluate.control.NestedSelection;
import dev.sonde.engine.evaluate.control.Rival;
import dev.sonde.engine.evaluate.fit.Measure;
import dev.sonde.statistics.Estimate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How far the nested figure is above the strongest of what needs no trained model.
 *
 * @param over the strongest
 * @param estimate the difference
 */
public record Margin(Rival over, Estimate estimate) {
  /** The margin over the strongest of all rivals: whatever is printed counts. */
  static Optional<Margin> of(EvaluationRun run, NestedSelection.Result nested, List<Rival> rivals) {
    return rivals.stream()
        .max(Comparator.comparingDouble(Rival::rank))
        .map(
            strongest -> {
              Measure selected = nested.measure();
              Measure other = strongest.measure();
              return new Margin(
                  strongest, run.intervals().difference(selected::value, other::value));
            });
  }
}
