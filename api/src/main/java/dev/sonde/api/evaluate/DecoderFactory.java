package dev.sonde.api.evaluate;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.Extension;
import dev.sonde.api.config.Config;

/** Makes decoders; its name is {@code where.method} in the report. */
@ApiStatus(ApiStatus.Level.STABLE)
public interface DecoderFactory extends Extension {
  /** A decoder with these settings. */
  Decoder create(Config config);
}
