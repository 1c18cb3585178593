package dev.sonde.vectors;

import dev.sonde.api.model.HookPoint;
import dev.sonde.api.probe.VectorFormat;
import dev.sonde.testkit.VectorFormatContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class SvecContractTest extends VectorFormatContract {
  @Override
  protected VectorFormat factory() {
    return new SvecFormat();
  }

  @Override
  protected boolean writes() {
    return false;
  }

  @Override
  protected VectorFormat.Directions example(Path file) throws IOException {
    Files.writeString(
        file,
        """
        {"model_type": "llama", "directions": {"3": [1, -0.5]}, "explained_variances": {"3": 0.5}}
        """);
    return VectorFormat.Directions.of(
        Map.of(HookPoint.of(3, HookPoint.RESID_POST), new float[] {1, -0.5f}), Map.of());
  }
}
