package dev.sonde.api;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The user's input cannot be used: arguments, experiment, data, names, paths (exit code 2). */
@ApiStatus(value = ApiStatus.Level.STABLE, since = "0.1")
public class InvalidInputException extends SondeException {
  @Serial private static final long serialVersionUID = 1;

  /** An error with its message. */
  public InvalidInputException(String message) {
    super(message);
  }

  /** An error with its message and cause. */
  public InvalidInputException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
