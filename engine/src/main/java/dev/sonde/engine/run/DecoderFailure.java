package dev.sonde.engine.run;

import dev.sonde.api.SondeException;
import java.io.Serial;

/** A decoder broke its contract; the others can go on without it. */
final class DecoderFailure extends SondeException {
  @Serial private static final long serialVersionUID = 1;

  private final String decoder;

  DecoderFailure(String decoder, String message, Throwable cause) {
    super(message, cause);
    this.decoder = decoder;
  }

  DecoderFailure(String decoder, String message) {
    super(message);
    this.decoder = decoder;
  }

  /** Its name in the experiment. */
  String decoder() {
    return decoder;
  }
}
