package dev.sonde.backend.reference;

import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.testkit.RecordedModelContract;
import java.nio.file.Path;

class ReferenceMicroworldTest extends RecordedModelContract {
  private static final Path MODEL = Path.of("../../models/microworld");

  @Override
  protected ModelBackendFactory factory() {
    return new ReferenceBackendFactory();
  }

  @Override
  protected Path model() {
    return MODEL;
  }

  @Override
  protected Path recording() {
    return MODEL.resolve("reference-activations.safetensors");
  }
}
