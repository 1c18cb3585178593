package dev.sonde.backend.pytorch;

import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.testkit.TrainingContract;

class PyTorchTrainingTest extends TrainingContract {
  @Override
  protected ModelBackendFactory factory() {
    return new PyTorchBackendFactory();
  }
}
