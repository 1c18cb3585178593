package dev.sonde.backend.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.api.Resources;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchTest {
  @TempDir Path folder;

  @Test
  void whatAByteBufferCannotHoldIsCopiedPartByPart() {
    try (Torch torch = Torch.start(Resources.of(folder).threads(1));
        Torch.Scope scope = torch.scope();
        Arena arena = Arena.ofConfined()) {
      double[] numbers = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
      MemorySegment cells = arena.allocateFrom(ValueLayout.JAVA_DOUBLE, numbers);
      PtNDArray copy = scope.copied(cells, DataType.FLOAT64, 5 * Double.BYTES, 4, 3);
      assertThat(copy.getShape().getShape()).containsExactly(4, 3);
      assertThat(copy.toDoubleArray()).containsExactly(numbers);
    }
  }
}
