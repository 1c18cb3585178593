package dev.sonde.wire;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** What was read is not in the written form. */
public final class WireException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /** An error that says what is wrong and where. */
  public WireException(String message) {
    super(message);
  }

  /** An error with its cause. */
  public WireException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
