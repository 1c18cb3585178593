package dev.sonde.formats.hub;

import java.io.Serial;
import java.util.Objects;

/** The network or the hub failed in a way that may not happen again. */
final class TransientFailure extends Exception {
  @Serial private static final long serialVersionUID = 1;

  TransientFailure(String problem) {
    super(problem);
  }

  /** A failure below the level of answers; many such exceptions come without a message. */
  TransientFailure(Exception cause) {
    super(
        Objects.requireNonNullElseGet(cause.getMessage(), () -> cause.getClass().getSimpleName()),
        cause);
  }

  /** What went wrong. */
  String problem() {
    return Objects.requireNonNullElse(getMessage(), "no answer");
  }
}
