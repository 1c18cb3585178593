package dev.sonde.engine.fitted;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a decoder was made.
 *
 * @param name as the experiment calls it
 * @param fullName {@code plugin/name}
 * @param version of the plugin
 * @param settings all of them, with defaults, in the order of the decoder
 */
public record FittedBy(String name, String fullName, String version, Map<String, Object> settings) {
  /** A value with its map copied: a card writes it, in the same order each time. */
  public FittedBy {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
  }
}
