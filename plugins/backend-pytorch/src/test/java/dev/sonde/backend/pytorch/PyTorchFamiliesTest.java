package dev.sonde.backend.pytorch;

import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.testkit.ModelFamiliesContract;
import java.nio.file.Path;

class PyTorchFamiliesTest extends ModelFamiliesContract {
  @Override
  protected ModelBackendFactory factory() {
    return new PyTorchBackendFactory();
  }

  @Override
  protected Path families() {
    return Path.of("../testkit/families");
  }
}
