package dev.sonde.probe.position;

import dev.sonde.api.Plugin;
import dev.sonde.api.probe.ProbeFactory;
import java.util.List;

/** Offers the probe {@code position}. */
public final class PositionPlugin implements Plugin {
  /** For the service loader. */
  public PositionPlugin() {}

  @Override
  public String id() {
    return "probe-position";
  }

  @Override
  public List<ProbeFactory> probes() {
    return List.of(new PositionProbeFactory());
  }
}
