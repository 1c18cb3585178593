package dev.sonde.api.config;

import dev.sonde.api.ApiStatus;
import java.util.List;
import java.util.Optional;

/** One published setting; {@link Settings} makes them. */
@ApiStatus(value = ApiStatus.Level.STABLE, since = "0.1")
public final class Setting {
  private final String name;
  private final Type type;
  private final Optional<Object> defaultValue;
  private final boolean required;
  private final List<String> choices;
  private final String doc;

  Setting(
      String name,
      Type type,
      Optional<Object> defaultValue,
      boolean required,
      List<String> choices,
      String doc) {
    this.name = name;
    this.type = type;
    this.defaultValue = defaultValue;
    this.required = required;
    this.choices = List.copyOf(choices);
    this.doc = doc;
  }

  /** The key. */
  public String name() {
    return name;
  }

  /** What its value looks like. */
  public Type type() {
    return type;
  }

  /**
   * The value when the key is absent, as it would be written in YAML; empty where the key is
   * required or truly optional.
   */
  public Optional<Object> defaultValue() {
    return defaultValue;
  }

  /** Whether leaving it out is an error. */
  public boolean required() {
    return required;
  }

  /** The allowed values; empty where anything of the type goes. */
  public List<String> choices() {
    return choices;
  }

  /** One sentence, with units. */
  public String doc() {
    return doc;
  }

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
