package dev.sonde.engine.run;

import dev.sonde.api.probe.Inputs;
import dev.sonde.api.probe.Needs;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.engine.plugin.PluginRequiredException;

/**
 * Stands where a plugin failed to make a probe, so that the others are run and its section says
 * why.
 *
 * @param failure what became of it
 */
record BrokenProbe(PluginRequiredException failure) implements Probe {
  @Override
  public Needs needs(Inputs inputs) {
    return Needs.none().remark(String.valueOf(failure.getMessage()));
  }

  @Override
  public void run(ProbeContext context) {
    throw failure;
  }
}
