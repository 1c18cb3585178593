package dev.sonde.backend.pytorch;

import dev.sonde.api.Resources;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.testkit.LinearAlgebraContract;
import java.nio.file.Path;

class PyTorchLinearAlgebraTest extends LinearAlgebraContract {
  private final LinearAlgebra algebra =
      new PyTorchLinearAlgebraProvider().open(new Resources(2, Path.of("target", "cache")));

  @Override
  protected LinearAlgebra algebra() {
    return algebra;
  }
}
