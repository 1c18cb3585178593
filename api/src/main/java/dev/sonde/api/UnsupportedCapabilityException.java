package dev.sonde.api;

import java.io.Serial;

/** A model was asked for something that it, its backend or its tokenizer lacks (exit code 2). */
@ApiStatus(value = ApiStatus.Level.STABLE, since = "0.1")
public final class UnsupportedCapabilityException extends InvalidInputException {
  @Serial private static final long serialVersionUID = 1;

  /** An error that names what was asked for and what there is. */
  public UnsupportedCapabilityException(String message) {
    super(message);
  }
}
