package dev.sonde.probe.linear;

import dev.sonde.api.config.Config;
import dev.sonde.api.config.Settings;
import dev.sonde.api.probe.CaptureRequest;
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
    return CompareSettings.published(
        SteerSettings.published(
            Settings.none()
                .strings(
                    "read",
                    List.of("blocks.*.hook_resid_post"),
                    "hook points, or patterns with * for every block")
                .strings(
                    "tokens",
                    List.of("last"),
                    "which token is read: last, first or index:N; or mean or max over all tokens; of"
                        + " several the best is chosen, and p covers that choice")
                .strings(
                    "decoders",
                    List.of("difference_of_means"),
                    "the decoders that are evaluated, by their short names")));
  }

  @Override
  public Probe create(Config config) {
    List<String> tokens = config.strings("tokens").stream().distinct().toList();
    if (tokens.isEmpty()) {
      throw config.error("tokens", "name one at least");
    }
    if (tokens.size() > 1 && config.flag("steer")) {
      throw config.error("tokens", "with steer: true give one: steering acts on what was read");
    }
    return new LinearProbe(
        CaptureRequest.of(config.strings("read"), tokens),
        config.strings("decoders"),
        SteerSettings.of(config),
        CompareSettings.of(config),
        SteerSettings.asked(config),
        SteerSettings.erased(config));
  }
}
