package dev.sonde.backend.pytorch;

import dev.sonde.api.config.Settings;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.model.ModelSource;

/** Opens every model in bfloat16, whatever is asked for. */
final class Narrow implements ModelBackendFactory {
  private final PyTorchBackendFactory factory = new PyTorchBackendFactory();

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
    return factory.open(
        ModelSource.of(source.ref(), source.path(), source.resources(), source.config())
            .dtype("bfloat16"));
  }
}
