package dev.sonde.probe.stepimportance;

import dev.sonde.api.Plugin;
import dev.sonde.api.probe.ProbeFactory;
import dev.sonde.probe.stepimportance.rollouts.RolloutImportanceFactory;
import dev.sonde.probe.stepimportance.score.SubsetScoreFactory;
import java.util.List;

/** The probes of step importance: by searches with a model, and from rollouts of others. */
public final class StepImportancePlugin implements Plugin {
  /** Made by the engine. */
  public StepImportancePlugin() {}

  @Override
  public String id() {
    return "probe-step-importance";
  }

  @Override
  public List<ProbeFactory> probes() {
    return List.of(
        new StepImportanceFactory(), new RolloutImportanceFactory(), new SubsetScoreFactory());
  }
}
