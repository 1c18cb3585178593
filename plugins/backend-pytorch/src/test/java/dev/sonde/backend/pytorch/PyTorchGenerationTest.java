package dev.sonde.backend.pytorch;

import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.testkit.GenerationContract;

class PyTorchGenerationTest extends GenerationContract {
  @Override
  protected ModelBackendFactory factory() {
    return new PyTorchBackendFactory();
  }
}
