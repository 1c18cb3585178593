package dev.sonde.backend.llamacpp;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.Resources;
import dev.sonde.api.config.Settings;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.model.ModelSource;
import dev.sonde.formats.FormatException;
import java.nio.file.Path;

/** The backend for folders that the contracts write: they are converted first. */
final class ConvertingFactory implements ModelBackendFactory {
  private final ModelBackendFactory factory = new LlamaCppBackendFactory(false);

  @Override
  public String name() {
    return factory.name();
  }

  @Override
  public String summary() {
    return factory.summary();
  }

  @Override
  public Settings settings() {
    return factory.settings();
  }

  @Override
  public LanguageModel open(ModelSource source) {
    Path file;
    try {
      file = TinyGguf.of(source.path());
    } catch (FormatException e) {
      throw new ModelUnavailableException(String.valueOf(e.getMessage()), e);
    }
    Resources resources = TestedDevice.of(source.resources());
    return factory.open(ModelSource.of(source.ref(), file, resources, source.config()));
  }
}
