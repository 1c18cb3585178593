package dev.sonde.engine.evaluate.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.data.Example;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.engine.evaluate.TextOnly;
import dev.sonde.engine.evaluate.fit.Split;
import dev.sonde.engine.experiment.Seeds;
import dev.sonde.engine.linalg.PlainLinearAlgebra;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConfoundsTest {
  private static final LinearAlgebra ALGEBRA = new PlainLinearAlgebra();

  @Test
  void residualsAreUncorrelatedWithTheConfoundOnTrainingRows() {
    RandomGenerator random = new Seeds(6).random("confounds");
    List<Example> examples = new ArrayList<>();
    Matrix features = Matrix.zeros(Matrix.Type.FLOAT32, 30, 2);
    for (int row = 0; row < 30; row++) {
      String text = "x".repeat(1 + random.nextInt(50));
      examples.add(new TextOnly("r" + row, text));
      features.set(row, 0, 3 * Math.log1p(text.length()) + random.nextGaussian());
      features.set(row, 1, random.nextGaussian());
    }
    Confounds confounds =
        Confounds.of(List.of("length", "digits"), examples, Confounds.Effect.STEPS);
    Split split = new Split(IntStream.range(0, 20).toArray(), new int[] {25});

    Matrix residuals = confounds.residuals(features, split, ALGEBRA);

    for (int c = 0; c < 2; c++) {
      double sum = 0;
      double product = 0;
      for (int row : split.train()) {
        sum += residuals.get(row, c);
        product += residuals.get(row, c) * Math.log1p(examples.get(row).text().length());
      }
      assertThat(sum).isCloseTo(0, within(1e-3));
      assertThat(product).isCloseTo(0, within(1e-3));
    }
  }

  @Test
  void confoundsThatDoNotVaryAreNone() {
    List<Example> examples = List.of(new TextOnly("a", "one"), new TextOnly("b", "two"));
    assertThat(Confounds.of(List.of("length", "digits"), examples, Confounds.Effect.STEPS).none())
        .isTrue();
  }
}
