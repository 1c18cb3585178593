package dev.sonde.probe.stepimportance;

import dev.sonde.probe.stepimportance.learn.Network;
import java.util.List;

/**
 * How importance is read off activations.
 *
 * @param probe the name of the probe's form
 * @param position which tokens of a step it reads
 * @param rule which chains give labels
 * @param training how the probe is trained
 * @param folds of the cross-validation
 * @param draws exchanged signs for p
 * @param splits grouped, by_step
 */
record ReadoutSettings(
    String probe,
    String position,
    LabelledSteps.Rule rule,
    Network.Training training,
    int folds,
    int draws,
    List<String> splits) {
  ReadoutSettings {
    splits = List.copyOf(splits);
  }

  /** Whether layers stand side by side; else their mean is taken. */
  boolean layerwise() {
    return probe.startsWith("layerwise");
  }
}
