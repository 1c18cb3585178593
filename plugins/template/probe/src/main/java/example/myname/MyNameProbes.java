package example.myname;

import dev.sonde.api.config.Config;
import dev.sonde.api.config.Settings;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeFactory;
import java.util.List;

/** Offers the probe and its settings. */
final class MyNameProbes implements ProbeFactory {
  @Override
  public String name() {
    return "my-name";
  }

  @Override
  public String summary() {
    return "how long activations are under each label, and how well a decoder reads the label";
  }

  @Override
  public Settings settings() {
    return Settings.none()
        .strings("read", List.of("blocks.*.hook_resid_post"), "Hook points or patterns.")
        .string("tokens", "last", "Which token: last, first, index:N, mean or max.")
        .string("decoder", "difference_of_means", "The decoder that is evaluated.");
  }

  @Override
  public Probe create(Config config) {
    CaptureRequest reads = CaptureRequest.of(config.strings("read"), config.string("tokens"));
    return new MyNameProbe(reads, config.string("decoder"));
  }
}
