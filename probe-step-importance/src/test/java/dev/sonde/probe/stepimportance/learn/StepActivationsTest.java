package dev.sonde.probe.stepimportance.learn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.linalg.Matrix;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepActivationsTest {
  private static StepActivations of(double[]... steps) {
    return new StepActivations(2, 2, List.of(Matrix.of(Matrix.Type.FLOAT32, steps)));
  }

  @Test
  void blocksOfAStepStandSideBySide() {
    StepActivations read = of(new double[] {1, 2, 3, 4}, new double[] {5, 6, 7, 8});

    assertThat(read.at(1, 0).row(1)).containsExactly(7, 8);
    assertThat(read.meanOverLayers(0).row(0)).containsExactly(2, 3);
  }

  @Test
  void partsOfAReadingFollowEachOther() {
    StepActivations joined =
        StepActivations.joined(
            List.of(of(new double[] {1, 2, 3, 4}), of(new double[] {5, 6, 7, 8})));

    assertThat(joined.layerwise(0).rows()).isEqualTo(2);
    assertThat(joined.layerwise(0).row(0)).containsExactly(1, 2, 3, 4);
    assertThat(joined.layerwise(0).row(1)).containsExactly(5, 6, 7, 8);
  }
}
