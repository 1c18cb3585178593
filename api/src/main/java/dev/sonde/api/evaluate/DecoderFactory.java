package dev.sonde.api.evaluate;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.Extension;
import dev.sonde.api.config.Config;

/** Makes decoders; its name is {@code where.method} in the report. */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public interface DecoderFactory extends Extension {
  /** A decoder with these settings. */
  Decoder create(Config config);
}
