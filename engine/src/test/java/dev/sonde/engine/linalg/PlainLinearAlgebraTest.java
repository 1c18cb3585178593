package dev.sonde.engine.linalg;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.testkit.LinearAlgebraContract;

class PlainLinearAlgebraTest extends LinearAlgebraContract {
  @Override
  protected LinearAlgebra algebra() {
    return new PlainLinearAlgebra();
  }
}
