package dev.sonde.api;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A model could not be opened or fetched (exit code 4). */
@ApiStatus(value = ApiStatus.Level.STABLE, since = "0.1")
public final class ModelUnavailableException extends SondeException {
  @Serial private static final long serialVersionUID = 1;

  /** An error that names the model, its file and field. */
  public ModelUnavailableException(String message) {
    super(message);
  }

  /** An error with its message and cause. */
  public ModelUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
