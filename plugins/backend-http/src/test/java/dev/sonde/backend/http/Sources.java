package dev.sonde.backend.http;

import dev.sonde.api.Resources;
import dev.sonde.api.config.Settings;
import dev.sonde.api.model.ModelSource;
import dev.sonde.testkit.SettingsConfig;
import java.nio.file.Path;

/** Models as tests open them. */
final class Sources {
  private Sources() {}

  static ModelSource of(Path model, Path folder) {
    return ModelSource.of(
        model.getFileName().toString(),
        model,
        Resources.of(folder.resolve("cache")).threads(2),
        SettingsConfig.defaults(Settings.none()));
  }
}
