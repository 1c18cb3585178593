package dev.sonde.backend.llamacpp;

import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.testkit.GenerationContract;

@NeedsLibrary
class LlamaCppGenerationTest extends GenerationContract {
  @Override
  protected ModelBackendFactory factory() {
    return new ConvertingFactory();
  }
}
