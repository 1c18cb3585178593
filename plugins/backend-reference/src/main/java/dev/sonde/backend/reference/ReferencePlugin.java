package dev.sonde.backend.reference;

import dev.sonde.api.Plugin;
import dev.sonde.api.model.ModelBackendFactory;
import java.util.List;

/** Offers the backend {@code reference}. */
public final class ReferencePlugin implements Plugin {
  /** For the service loader. */
  public ReferencePlugin() {}

  @Override
  public String id() {
    return "backend-reference";
  }

  @Override
  public List<ModelBackendFactory> backends() {
    return List.of(new ReferenceBackendFactory());
  }
}
