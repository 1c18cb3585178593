package dev.sonde.backend.pytorch;

import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.testkit.ModelBackendContract;

class PyTorchBackendTest extends ModelBackendContract {
  @Override
  protected ModelBackendFactory factory() {
    return new PyTorchBackendFactory();
  }
}
