package dev.sonde.backend.pytorch;

import dev.sonde.api.Resources;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.LinearAlgebraProvider;

/** Opens libtorch's linear algebra. */
final class PyTorchLinearAlgebraProvider implements LinearAlgebraProvider {
  @Override
  public String name() {
    return "pytorch";
  }

  @Override
  public String summary() {
    return "libtorch's products and decompositions";
  }

  @Override
  public LinearAlgebra open(Resources resources) {
    return new PyTorchLinearAlgebra(Torch.start(resources));
  }
}
