package dev.sonde.probe.stepimportance.predict;

import dev.sonde.api.config.Config;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.probe.stepimportance.learn.Network;
import dev.sonde.probe.stepimportance.learn.StepActivations;
import dev.sonde.probe.stepimportance.search.SearchVariant;
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
 * @param cohort chains whose activations are read together
 * @param chat whether prompts went through the model's chat template
 * @param encoder the further model whose states of steps alone are sentence embeddings; empty for
 *     the main model's
 */
public record PredictionSettings(
    String probe,
    String position,
    LabelledSteps.Rule rule,
    Network.Training training,
    int folds,
    int draws,
    List<String> splits,
    int cohort,
    boolean chat,
    String encoder) {
  /** Fewer labelled steps than this say nothing. */
  static final int FEWEST = 20;

  /** The paper's rows a step, learning rate and weight decay. */
  private static final int BATCH = 32;

  private static final double RATE = 3e-4;
  private static final double DECAY = 1e-4;

  /** Settings with their list copied. */
  public PredictionSettings {
    splits = List.copyOf(splits);
  }

  /** The settings of an experiment, with the variant whose labels are learnt. */
  public static PredictionSettings of(Config config, SearchVariant labels, boolean chat) {
    String probe = config.string("probe");
    int[] hidden = probe.endsWith("mlp") ? new int[] {config.integer("hidden")} : new int[0];
    return new PredictionSettings(
        probe,
        config.string("position"),
        LabelledSteps.Rule.of(config, labels),
        new Network.Training(hidden, config.integer("epochs"), BATCH, RATE, DECAY),
        config.integer("probe_folds"),
        config.integer("probe_draws"),
        config.strings("probe_splits"),
        config.integer("cohort"),
        chat,
        config.string("encoder"));
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
