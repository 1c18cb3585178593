package dev.sonde.api;

import dev.sonde.api.config.Settings;

/** What every factory of a plugin says of itself. */
@ApiStatus(value = ApiStatus.Level.STABLE, since = "0.1")
public interface Extension {
  /** The short name used in experiment files, unique among the plugin's factories of one kind. */
  String name();

  /** One line for listings. */
  String summary();

  /**
   * The settings it takes. Unknown-key errors, defaults, {@code sonde describe} and the reference
   * page come from here.
   */
  default Settings settings() {
    return Settings.none();
  }
}
