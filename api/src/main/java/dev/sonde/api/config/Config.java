package dev.sonde.api.config;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.InvalidInputException;
import java.util.List;
import java.util.Set;

/**
 * A read-only node of the experiment file, checked against the factory's {@link Settings}: defaults
 * are filled in, unknown keys were refused. Typed getters throw {@link InvalidInputException} with
 * file, line and key path where a value is missing or of another type.
 */
@ApiStatus(value = ApiStatus.Level.STABLE, since = "0.1")
public interface Config {
  /** Whether the key has a value, given or by default. */
  boolean has(String key);

  /** The keys that have a value, in file order. */
  Set<String> keys();

  /** A string; numbers and booleans are given as written. */
  String string(String key);

  /** A whole number. */
  int integer(String key);

  /** A real number. */
  double real(String key);

  /** True or false. */
  boolean flag(String key);

  /** A list of strings; a single value counts as a list of one. */
  List<String> strings(String key);

  /** A list of real numbers; a single value counts as a list of one. */
  List<Double> reals(String key);

  /** A nested mapping. */
  Config child(String key);

  /** A list of nested mappings. */
  List<Config> children(String key);

  /** An error about one key of this node, to be thrown by the caller. */
  InvalidInputException error(String key, String message);
}
