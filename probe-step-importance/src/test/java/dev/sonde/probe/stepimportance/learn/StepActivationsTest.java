package dev.sonde.probe.stepimportance.learn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.linalg.Matrix;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepActivationsTest {
  @Test
  void activationsReadBackAreTheSame() {
    Matrix matrix = Matrix.of(Matrix.Type.FLOAT32, new double[][] {{1, 2, 3, 4}, {5, 6, 7, 8}});
    StepActivations read = StepActivations.of(new StepActivations(2, 2, List.of(matrix)).bytes());

    assertThat(read.at(1, 0).row(1)).containsExactly(7, 8);
    assertThat(read.meanOverLayers(0).row(0)).containsExactly(2, 3);
  }
}
