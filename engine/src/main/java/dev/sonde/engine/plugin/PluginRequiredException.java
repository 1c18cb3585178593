package dev.sonde.engine.plugin;

import dev.sonde.api.SondeException;
import java.io.Serial;

/**
 * A plugin that the run needs is not there, failed to load, or broke its contract (exit code 3).
 */
public final class PluginRequiredException extends SondeException {
  @Serial private static final long serialVersionUID = 1;

  /** An error that names plugin, stage and remedy. */
  public PluginRequiredException(String message) {
    super(message);
  }

  /** An error with what the plugin threw. */
  public PluginRequiredException(String message, Throwable cause) {
    super(message, cause);
  }
}
