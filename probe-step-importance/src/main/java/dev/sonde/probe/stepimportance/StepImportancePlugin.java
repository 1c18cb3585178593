package dev.sonde.probe.stepimportance;

import dev.sonde.api.Plugin;
import dev.sonde.api.probe.ProbeFactory;
import java.util.List;

/** The step-importance probe. */
public final class StepImportancePlugin implements Plugin {
  /** Made by the engine. */
  public StepImportancePlugin() {}

  @Override
  public String id() {
    return "probe-step-importance";
  }

  @Override
  public List<ProbeFactory> probes() {
    return List.of(new StepImportanceFactory());
  }
}
