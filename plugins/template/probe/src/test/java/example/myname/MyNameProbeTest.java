package example.myname;

import dev.sonde.api.probe.ProbeFactory;
import dev.sonde.testkit.ProbeContract;

class MyNameProbeTest extends ProbeContract {
  @Override
  protected ProbeFactory factory() {
    return new MyNameProbes();
  }
}
