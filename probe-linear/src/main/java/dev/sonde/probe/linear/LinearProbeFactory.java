package dev.sonde.probe.linear;

import dev.sonde.api.config.Config;
import dev.sonde.api.config.Settings;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeFactory;
import java.util.List;

/** Makes {@link LinearProbe}. */
final class LinearProbeFactory implements ProbeFactory {
  @Override
  public String name() {
    return "linear";
  }

  @Override
  public String summary() {
    return "finds a linear direction that separates two kinds of prompt, layer by layer";
  }

  @Override
  public Settings settings() {
    return SteerSettings.published(
        Settings.none()
            .strings(
                "read",
                List.of("blocks.*.hook_resid_post"),
                "hook points, or patterns with * for every block")
            .string(
                "tokens",
                "last",
                "which token is read: last, first or index:N; or mean or max over all" + " tokens")
            .strings(
                "decoders",
                List.of("difference_of_means"),
                "the decoders that are evaluated, by their short names"));
  }

  @Override
  public Probe create(Config config) {
    return new LinearProbe(
        config.strings("read"),
        config.string("tokens"),
        config.strings("decoders"),
        SteerSettings.of(config));
  }
}
