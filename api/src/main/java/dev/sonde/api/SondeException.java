package dev.sonde.api;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * The root of what Sonde throws on purpose. The message stands alone on the user's screen: what is
 * wrong, where (file and line, key path, tensor), and what to do about it.
 */
@ApiStatus(value = ApiStatus.Level.STABLE, since = "0.1")
public class SondeException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /** An error with its message. */
  public SondeException(String message) {
    super(message);
  }

  /** An error with its message and cause. */
  public SondeException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
