package dev.sonde.backend.replay;

import dev.sonde.api.Plugin;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.text.TokenizerFactory;
import java.util.List;

/** Offers the backend {@code replay}. */
public final class ReplayPlugin implements Plugin {
  /** For the service loader. */
  public ReplayPlugin() {}

  @Override
  public String id() {
    return "backend-replay";
  }

  @Override
  public List<ModelBackendFactory> backends() {
    return List.of(new ReplayBackendFactory());
  }

  @Override
  public List<TokenizerFactory> tokenizers() {
    return List.of(new TextsFactory());
  }
}
