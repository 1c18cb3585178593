package dev.sonde.backend.llamacpp;

import dev.sonde.api.Plugin;
import dev.sonde.api.model.ModelBackendFactory;
import java.util.List;

/** Offers the backend {@code llamacpp}. */
public final class LlamaCppPlugin implements Plugin {
  /** For the service loader. */
  public LlamaCppPlugin() {}

  @Override
  public String id() {
    return "backend-llamacpp";
  }

  @Override
  public List<ModelBackendFactory> backends() {
    return List.of(new LlamaCppBackendFactory());
  }
}
