package dev.sonde.backend.reference;

import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.testkit.ModelBackendContract;

class ReferenceBackendTest extends ModelBackendContract {
  @Override
  protected ModelBackendFactory factory() {
    return new ReferenceBackendFactory();
  }
}
