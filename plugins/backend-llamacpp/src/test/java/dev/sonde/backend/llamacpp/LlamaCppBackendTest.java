package dev.sonde.backend.llamacpp;

import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.testkit.ModelBackendContract;

@NeedsLibrary
class LlamaCppBackendTest extends ModelBackendContract {
  @Override
  protected ModelBackendFactory factory() {
    return new ConvertingFactory();
  }
}
