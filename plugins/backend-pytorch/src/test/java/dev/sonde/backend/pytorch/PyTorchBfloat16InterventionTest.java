package dev.sonde.backend.pytorch;

import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.testkit.InterventionContract;

class PyTorchBfloat16InterventionTest extends InterventionContract {
  @Override
  protected ModelBackendFactory factory() {
    return new Narrow();
  }
}
