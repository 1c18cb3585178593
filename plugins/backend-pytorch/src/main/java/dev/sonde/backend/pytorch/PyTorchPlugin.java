package dev.sonde.backend.pytorch;

import dev.sonde.api.Plugin;
import dev.sonde.api.linalg.LinearAlgebraProvider;
import dev.sonde.api.model.ModelBackendFactory;
import java.util.List;

/** Offers the backend and the linear algebra {@code pytorch}. */
public final class PyTorchPlugin implements Plugin {
  /** For the service loader. */
  public PyTorchPlugin() {}

  @Override
  public String id() {
    return "backend-pytorch";
  }

  @Override
  public List<ModelBackendFactory> backends() {
    return List.of(new PyTorchBackendFactory());
  }

  @Override
  public List<LinearAlgebraProvider> linearAlgebra() {
    return List.of(new PyTorchLinearAlgebraProvider());
  }
}
