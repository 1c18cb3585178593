package dev.sonde.probe.linear;

import dev.sonde.api.probe.ProbeFactory;
import dev.sonde.testkit.ProbeContract;

class LinearProbeContractTest extends ProbeContract {
  @Override
  protected ProbeFactory factory() {
    return new LinearProbeFactory();
  }
}
