package dev.sonde.backend.llamacpp;

import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.testkit.InterventionContract;

@NeedsLibrary
class LlamaCppInterventionTest extends InterventionContract {
  @Override
  protected ModelBackendFactory factory() {
    return new ConvertingFactory();
  }
}
