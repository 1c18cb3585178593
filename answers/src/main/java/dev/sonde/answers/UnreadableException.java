package dev.sonde.answers;

import java.io.Serial;

/** A text is no formula that can be read. */
final class UnreadableException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  UnreadableException(String message) {
    super(message);
  }
}
