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
    return "splits attention logits into a part that depends on the distance and a"
        + " part that depends on the content";
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
