package dev.sonde.backend.pytorch;

import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.testkit.InterventionContract;

class PyTorchInterventionTest extends InterventionContract {
  @Override
  protected ModelBackendFactory factory() {
    return new PyTorchBackendFactory();
  }
}
