package example.myname;

import dev.sonde.api.Plugin;
import dev.sonde.api.probe.ProbeFactory;
import java.util.List;

/** What the plugin offers. */
public final class MyNamePlugin implements Plugin {
  @Override
  public String id() {
    return "my-name";
  }

  @Override
  public List<ProbeFactory> probes() {
    return List.of(new MyNameProbes());
  }
}
