package dev.sonde.backend.pytorch;

import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.testkit.GradientContract;

class PyTorchGradientTest extends GradientContract {
  @Override
  protected ModelBackendFactory factory() {
    return new PyTorchBackendFactory();
  }
}
