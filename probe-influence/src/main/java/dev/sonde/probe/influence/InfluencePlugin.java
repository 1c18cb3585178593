package dev.sonde.probe.influence;

import dev.sonde.api.Plugin;
import dev.sonde.api.probe.ProbeFactory;
import java.util.List;

/** Offers the probe {@code influence}. */
public final class InfluencePlugin implements Plugin {
  /** For the service loader. */
  public InfluencePlugin() {}

  @Override
  public String id() {
    return "probe-influence";
  }

  @Override
  public List<ProbeFactory> probes() {
    return List.of(new InfluenceProbeFactory());
  }
}
