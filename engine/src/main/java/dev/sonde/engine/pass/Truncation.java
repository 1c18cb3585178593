package dev.sonde.engine.pass;

import dev.sonde.api.config.Config;
import java.util.Locale;

/**
 * What becomes of a prompt that is longer than the model's context. The names are those of {@code
 * truncation_side} in Hugging Face's tokenizers.
 */
public enum Truncation {
  /** It is refused. */
  NONE,
  /** It loses its beginning. */
  LEFT,
  /** It loses its end. */
  RIGHT;

  /** As {@code data:} says. */
  public static Truncation of(Config data) {
    return valueOf(data.string("truncation_side").toUpperCase(Locale.ROOT));
  }
}
