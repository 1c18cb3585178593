package dev.sonde.probe.stepimportance;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.probe.stepimportance.learn.Network;
import dev.sonde.probe.stepimportance.learn.StepActivations;
import dev.sonde.statistics.GroupFolds;
import dev.sonde.statistics.Groups;
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
 * @param chat whether prompts went through the model's chat template
 */
record ReadoutSettings(
    String probe,
    String position,
    LabelledSteps.Rule rule,
    Network.Training training,
    int folds,
    int draws,
    List<String> splits,
    boolean chat) {
  /** Fewer labelled steps than this say nothing. */
  static final int FEWEST = 20;

  ReadoutSettings {
    splits = List.copyOf(splits);
  }

  /** Whether so many steps and chains can be learnt from. */
  boolean suffices(LabelledSteps steps) {
    return steps.size() >= FEWEST && steps.groups().stream().distinct().count() >= folds;
  }

  /** What the probe reads of activations: layers side by side or their mean. */
  Matrix rows(StepActivations activations) {
    int at = StepActivations.POSITIONS.indexOf(position);
    return probe.startsWith("layerwise")
        ? activations.layerwise(at)
        : activations.meanOverLayers(at);
  }

  /** The folds of a split, the same for the same groups. */
  int[] folds(String split, LabelledSteps steps, ProbeContext context) {
    Groups groups =
        split.equals("grouped") ? Groups.of(steps.groups()) : Groups.ofSingleRows(steps.size());
    return GroupFolds.balanced(groups, steps.labels(), folds, context.random("folds/" + split));
  }
}
