package dev.sonde.engine.run;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.probe.Needs;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeFactory;
import dev.sonde.engine.experiment.ConfigView;
import dev.sonde.engine.experiment.Experiment.ProbePart;
import dev.sonde.engine.pass.OpenInputs;
import dev.sonde.engine.pass.ProbeNeeds;
import dev.sonde.engine.plugin.ExtensionKind;
import dev.sonde.engine.plugin.LoadedPlugin;
import dev.sonde.engine.plugin.Offer;
import dev.sonde.engine.plugin.PluginRegistry;
import dev.sonde.engine.plugin.PluginRequiredException;

/**
 * A probe that can be run.
 *
 * @param plugin whose it is
 * @param probe the plugin's own
 * @param with its settings, checked
 * @param needs what it needs, under its name in the experiment
 */
record SetUpProbe(LoadedPlugin plugin, Probe probe, ConfigView with, ProbeNeeds needs) {
  /**
   * Makes a probe and asks it what it needs; one that cannot be made fails when it is run.
   *
   * @throws dev.sonde.api.InvalidInputException if its settings are wrong, or a model has not what
   *     it wants to read
   */
  static SetUpProbe of(ProbePart part, PluginRegistry plugins, OpenInputs inputs) {
    Offer<ProbeFactory> offer = plugins.find(ExtensionKind.PROBE, part.use());
    ConfigView with = part.with().checked(offer.call(ProbeFactory::settings));
    String name = "the probe '%s'".formatted(part.name());
    Probe probe;
    Needs needs;
    try {
      probe = offer.guarded("make " + name, factory -> factory.create(with));
      Probe made = probe;
      needs =
          offer
              .plugin()
              .guarded(
                  "say what %s needs".formatted(name), () -> made.needs(inputs.of(part.name())));
    } catch (PluginRequiredException e) {
      probe = new BrokenProbe(e);
      needs = probe.needs(inputs.of(part.name()));
    }
    try {
      return new SetUpProbe(offer.plugin(), probe, with, ProbeNeeds.of(part.name(), needs, inputs));
    } catch (InvalidInputException e) {
      throw new InvalidInputException("probe '%s': %s".formatted(part.name(), e.getMessage()), e);
    }
  }

  /** Its name in the experiment. */
  String name() {
    return needs.probe();
  }

  /**
   * Closes it.
   *
   * @throws PluginRequiredException if that fails
   */
  void close() {
    plugin.guarded(
        "close the probe '%s'".formatted(name()),
        () -> {
          probe.close();
          return true;
        });
  }
}
