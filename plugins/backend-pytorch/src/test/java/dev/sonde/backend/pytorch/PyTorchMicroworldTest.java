package dev.sonde.backend.pytorch;

import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.testkit.RecordedModelContract;
import java.nio.file.Path;

class PyTorchMicroworldTest extends RecordedModelContract {
  private static final Path MODEL = Path.of("../../models/microworld");

  @Override
  protected ModelBackendFactory factory() {
    return new PyTorchBackendFactory();
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
