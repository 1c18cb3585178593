package dev.sonde.engine.fitted;

import java.util.Map;

/**
 * How a decoder was made.
 *
 * @param name as the experiment calls it
 * @param fullName {@code plugin/name}
 * @param version of the plugin
 * @param settings all of them, with defaults
 */
public record FittedBy(String name, String fullName, String version, Map<String, Object> settings) {
  /** A value with its map copied. */
  public FittedBy {
    settings = Map.copyOf(settings);
  }
}
