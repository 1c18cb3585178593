package dev.sonde.api.config;

import dev.sonde.api.ApiStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The settings of one factory, in the order in which they should be documented. */
@ApiStatus(value = ApiStatus.Level.STABLE, since = "0.1")
public final class Settings {
  private static final Settings NONE = new Settings(List.of());

  private final List<Setting> all;

  private Settings(List<Setting> all) {
    this.all = List.copyOf(all);
  }

  /** No settings. */
  public static Settings none() {
    return NONE;
  }

  /** An empty builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** All settings. */
  public List<Setting> all() {
    return all;
  }

  /** The setting of that name. */
  public Optional<Setting> find(String name) {
    return all.stream().filter(s -> s.name().equals(name)).findFirst();
  }

  /** Collects settings. */
  public static final class Builder {
    private final List<Setting> all = new ArrayList<>();

    private Builder() {}

    /** A text with a default. */
    public Builder string(String name, String defaultValue, String doc) {
      return add(name, Setting.Type.STRING, Optional.of(defaultValue), List.of(), doc);
    }

    /** A text out of a few, with a default. */
    public Builder choice(String name, List<String> choices, String defaultValue, String doc) {
      return add(name, Setting.Type.STRING, Optional.of(defaultValue), choices, doc);
    }

    /** A whole number with a default. */
    public Builder integer(String name, int defaultValue, String doc) {
      return add(name, Setting.Type.INTEGER, Optional.of(defaultValue), List.of(), doc);
    }

    /** A real number with a default. */
    public Builder real(String name, double defaultValue, String doc) {
      return add(name, Setting.Type.REAL, Optional.of(defaultValue), List.of(), doc);
    }

    /** true or false with a default. */
    public Builder flag(String name, boolean defaultValue, String doc) {
      return add(name, Setting.Type.BOOLEAN, Optional.of(defaultValue), List.of(), doc);
    }

    /** A list of texts with a default. */
    public Builder strings(String name, List<String> defaultValue, String doc) {
      return add(
          name, Setting.Type.STRINGS, Optional.of(List.copyOf(defaultValue)), List.of(), doc);
    }

    /** A list of real numbers with a default. */
    public Builder reals(String name, List<Double> defaultValue, String doc) {
      return add(name, Setting.Type.REALS, Optional.of(List.copyOf(defaultValue)), List.of(), doc);
    }

    /** A setting that may be left out and then has no value. */
    public Builder optional(String name, Setting.Type type, String doc) {
      return add(name, type, Optional.empty(), List.of(), doc);
    }

    /** A setting that must be given. */
    public Builder required(String name, Setting.Type type, String doc) {
      all.add(new Setting(name, type, Optional.empty(), true, List.of(), doc));
      return this;
    }

    /** The finished list. */
    public Settings build() {
      return new Settings(all);
    }

    private Builder add(
        String name, Setting.Type type, Optional<Object> value, List<String> choices, String doc) {
      all.add(new Setting(name, type, value, false, List.copyOf(choices), doc));
      return this;
    }
  }
}
