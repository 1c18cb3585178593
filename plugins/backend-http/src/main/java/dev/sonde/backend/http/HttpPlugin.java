package dev.sonde.backend.http;

import dev.sonde.api.Plugin;
import dev.sonde.api.model.ModelBackendFactory;
import java.util.List;

/** Offers the backend {@code http}. */
public final class HttpPlugin implements Plugin {
  /** For the service loader. */
  public HttpPlugin() {}

  @Override
  public String id() {
    return "backend-http";
  }

  @Override
  public List<ModelBackendFactory> backends() {
    return List.of(new HttpBackendFactory());
  }
}
