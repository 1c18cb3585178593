package dev.sonde.api.config;

import dev.sonde.api.ApiStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The settings of one factory, in the order in which they should be documented. An instance is
 * immutable; each method that adds a setting gives another one.
 */
@ApiStatus(value = ApiStatus.Level.STABLE, since = "0.1")
public final class Settings {
  private static final Settings NONE = new Settings(List.of());

  private final List<Setting> all;

  private Settings(List<Setting> all) {
    this.all = List.copyOf(all);
  }

  /** No settings: what others are added to. */
  public static Settings none() {
    return NONE;
  }

  /** All settings. */
  public List<Setting> all() {
    return all;
  }

  /** The setting of that name. */
  public Optional<Setting> find(String name) {
    return all.stream().filter(s -> s.name().equals(name)).findFirst();
  }

  /** A text with a default. */
  public Settings string(String name, String defaultValue, String doc) {
    return add(name, Setting.Type.STRING, Optional.of(defaultValue), List.of(), doc);
  }

  /** A text out of a few, with a default. */
  public Settings choice(String name, List<String> choices, String defaultValue, String doc) {
    return add(name, Setting.Type.STRING, Optional.of(defaultValue), choices, doc);
  }

  /** A whole number with a default. */
  public Settings integer(String name, int defaultValue, String doc) {
    return add(name, Setting.Type.INTEGER, Optional.of(defaultValue), List.of(), doc);
  }

  /** A real number with a default. */
  public Settings real(String name, double defaultValue, String doc) {
    return add(name, Setting.Type.REAL, Optional.of(defaultValue), List.of(), doc);
  }

  /** true or false with a default. */
  public Settings flag(String name, boolean defaultValue, String doc) {
    return add(name, Setting.Type.BOOLEAN, Optional.of(defaultValue), List.of(), doc);
  }

  /** A list of texts with a default. */
  public Settings strings(String name, List<String> defaultValue, String doc) {
    return add(name, Setting.Type.STRINGS, Optional.of(List.copyOf(defaultValue)), List.of(), doc);
  }

  /** A list of real numbers with a default. */
  public Settings reals(String name, List<Double> defaultValue, String doc) {
    return add(name, Setting.Type.REALS, Optional.of(List.copyOf(defaultValue)), List.of(), doc);
  }

  /** A setting that may be left out and then has no value. */
  public Settings optional(String name, Setting.Type type, String doc) {
    return add(name, type, Optional.empty(), List.of(), doc);
  }

  /** A setting that must be given. */
  public Settings required(String name, Setting.Type type, String doc) {
    return with(new Setting(name, type, Optional.empty(), true, List.of(), doc));
  }

  private Settings add(
      String name, Setting.Type type, Optional<Object> value, List<String> choices, String doc) {
    return with(new Setting(name, type, value, false, choices, doc));
  }

  private Settings with(Setting setting) {
    List<Setting> more = new ArrayList<>(all);
    more.add(setting);
    return new Settings(more);
  }
}
