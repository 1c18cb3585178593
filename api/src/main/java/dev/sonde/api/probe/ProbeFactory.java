package dev.sonde.api.probe;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.Extension;
import dev.sonde.api.config.Config;

/** Makes probes. */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public interface ProbeFactory extends Extension {
  /** A probe with these settings. */
  Probe create(Config config);
}
