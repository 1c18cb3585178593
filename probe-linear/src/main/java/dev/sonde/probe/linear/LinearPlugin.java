package dev.sonde.probe.linear;

import dev.sonde.api.Plugin;
import dev.sonde.api.evaluate.DecoderFactory;
import dev.sonde.api.probe.ProbeFactory;
import java.util.List;

/** Offers the probe {@code linear} and the closed-form decoders. */
public final class LinearPlugin implements Plugin {
  /** For the service loader. */
  public LinearPlugin() {}

  @Override
  public String id() {
    return "probe-linear";
  }

  @Override
  public List<ProbeFactory> probes() {
    return List.of(new LinearProbeFactory());
  }

  @Override
  public List<DecoderFactory> decoders() {
    return ClosedForm.ALL;
  }
}
