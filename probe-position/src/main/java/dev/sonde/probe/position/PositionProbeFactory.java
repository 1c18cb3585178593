package dev.sonde.probe.position;

import dev.sonde.api.config.Config;
import dev.sonde.api.config.Settings;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeFactory;

/** Makes {@link PositionProbe}. */
final class PositionProbeFactory implements ProbeFactory {
  @Override
  public String name() {
    return "position";
  }

  @Override
  public String summary() {
    return "takes attention logits apart into what knows the distance and what knows the contents";
  }

  @Override
  public Settings settings() {
    return PositionSettings.SETTINGS;
  }

  @Override
  public Probe create(Config config) {
    return new PositionProbe(PositionSettings.of(config));
  }
}
