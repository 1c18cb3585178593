package dev.sonde.backend.reference;

import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.testkit.DocumentedErrors;
import dev.sonde.testkit.ModelFamiliesContract;
import java.nio.file.Path;
import java.util.Optional;

class ReferenceFamiliesTest extends ModelFamiliesContract {
  @Override
  protected ModelBackendFactory factory() {
    return new ReferenceBackendFactory();
  }

  @Override
  protected Path families() {
    return Path.of("../testkit/families");
  }

  @Override
  protected Optional<DocumentedErrors> documented() {
    return Optional.of(
        new DocumentedErrors(
            Path.of("../../docs/models.md"), "## Worst errors of the reference backend"));
  }
}
