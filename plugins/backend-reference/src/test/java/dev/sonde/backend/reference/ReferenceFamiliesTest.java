package dev.sonde.backend.reference;

import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.testkit.ModelFamiliesContract;
import java.nio.file.Path;

class ReferenceFamiliesTest extends ModelFamiliesContract {
  @Override
  protected ModelBackendFactory factory() {
    return new ReferenceBackendFactory();
  }

  @Override
  protected Path families() {
    return Path.of("../testkit/families");
  }
}
