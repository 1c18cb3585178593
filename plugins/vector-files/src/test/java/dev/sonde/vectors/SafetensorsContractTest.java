package dev.sonde.vectors;

import dev.sonde.api.probe.VectorFormat;
import dev.sonde.testkit.VectorFormatContract;

class SafetensorsContractTest extends VectorFormatContract {
  @Override
  protected VectorFormat factory() {
    return new SafetensorsFormat();
  }
}
