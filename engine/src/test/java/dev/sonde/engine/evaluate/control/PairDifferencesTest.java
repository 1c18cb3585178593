package dev.sonde.engine.evaluate.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.statistics.Groups;
import java.util.List;
import org.junit.jupiter.api.Test;

class PairDifferencesTest {
  @Test
  void aRowLessTheMeanOfItsPairIsHalfTheDifferenceAndTheOtherRowItsNegative() {
    Matrix rows =
        Matrix.of(Matrix.Type.FLOAT32, new double[][] {{3, 1}, {10, 10}, {1, 5}, {14, 12}});
    Matrix differences = ContrastPairs.differences(rows, Groups.of(List.of("a", "b", "a", "b")));
    assertThat(differences.row(0)).containsExactly(1, -2);
    assertThat(differences.row(2)).containsExactly(-1, 2);
    assertThat(differences.row(1)).containsExactly(-2, -1);
    assertThat(differences.row(3)).containsExactly(2, 1);
  }
}
