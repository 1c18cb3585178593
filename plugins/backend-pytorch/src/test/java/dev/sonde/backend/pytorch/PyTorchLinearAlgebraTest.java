package dev.sonde.backend.pytorch;

import dev.sonde.api.Resources;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.testkit.LinearAlgebraContract;
import java.nio.file.Path;

class PyTorchLinearAlgebraTest extends LinearAlgebraContract {
  private final LinearAlgebra algebra =
      new PyTorchLinearAlgebraProvider().open(Resources.of(Path.of("target", "cache")).threads(2));

  @Override
  protected LinearAlgebra algebra() {
    return algebra;
  }
}
