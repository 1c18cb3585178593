package dev.sonde.api.config;

import java.util.List;
import java.util.Optional;

/**
 * One published setting.
 *
 * @param name the key
 * @param type what its value looks like
 * @param defaultValue the value when the key is absent, as it would be written in YAML; empty where
 *     the key is required or truly optional
 * @param required whether leaving it out is an error
 * @param choices the allowed values; empty where anything of the type goes
 * @param doc one sentence, with units
 */
public record Setting(
    String name,
    Type type,
    Optional<Object> defaultValue,
    boolean required,
    List<String> choices,
    String doc) {

  /** The kinds of value. */
  public enum Type {
    /** Text. */
    STRING,
    /** A whole number. */
    INTEGER,
    /** A real number. */
    REAL,
    /** true or false. */
    BOOLEAN,
    /** A list of texts, or one text. */
    STRINGS,
    /** A list of real numbers, or one. */
    REALS,
    /** A mapping, or a list of mappings, checked by the factory itself. */
    TREE
  }
}
