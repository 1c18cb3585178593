package dev.sonde.engine.evaluate.fit;

import dev.sonde.api.SondeException;
import java.io.Serial;

/** A decoder broke its contract; the others can go on without it. */
public final class DecoderFailure extends SondeException {
  @Serial private static final long serialVersionUID = 1;

  /** What happened, in words that name the decoder and its plugin. */
  public DecoderFailure(String message, Throwable cause) {
    super(message, cause);
  }

  /** What happened, in words that name the decoder and its plugin. */
  public DecoderFailure(String message) {
    super(message);
  }
}
