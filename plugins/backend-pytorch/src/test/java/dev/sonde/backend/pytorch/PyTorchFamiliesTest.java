package dev.sonde.backend.pytorch;

import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.testkit.DocumentedErrors;
import dev.sonde.testkit.ModelFamiliesContract;
import java.nio.file.Path;
import java.util.Optional;

class PyTorchFamiliesTest extends ModelFamiliesContract {
  @Override
  protected ModelBackendFactory factory() {
    return new PyTorchBackendFactory();
  }

  @Override
  protected Path families() {
    return Path.of("../testkit/families");
  }

  @Override
  protected Optional<DocumentedErrors> documented() {
    return Optional.of(
        new DocumentedErrors(
            Path.of("../../docs/models.md"), "## Worst errors of the PyTorch backend"));
  }
}
