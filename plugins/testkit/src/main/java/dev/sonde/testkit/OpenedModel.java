package dev.sonde.testkit;

import dev.sonde.api.Resources;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.model.ModelSource;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Opens models as the contracts want them: float32, two threads, default settings. */
final class OpenedModel {
  private OpenedModel() {}

  /**
   * Opens a model folder.
   *
   * @param folder of the test, for the backend's cache
   */
  static LanguageModel of(ModelBackendFactory factory, Path model, Path folder) {
    return of(factory, model, folder, OptionalLong.empty());
  }

  /**
   * The same, perhaps with fresh weights.
   *
   * @param freshSeed what they are drawn with; empty for the weights of the files
   */
  static LanguageModel of(
      ModelBackendFactory factory, Path model, Path folder, OptionalLong freshSeed) {
    ModelSource source =
        ModelSource.of(
            model.toString(),
            model,
            Resources.of(folder.resolve("cache")).threads(2),
            SettingsConfig.defaults(factory.settings()));
    return factory.open(freshSeed.isPresent() ? source.freshSeed(freshSeed.getAsLong()) : source);
  }
}
