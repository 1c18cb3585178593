package dev.sonde.backend.reference;

import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.testkit.GenerationContract;

class ReferenceGenerationTest extends GenerationContract {
  @Override
  protected ModelBackendFactory factory() {
    return new ReferenceBackendFactory();
  }
}
