package dev.sonde.engine.evaluate.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.evaluate.Covariance;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.engine.linalg.PlainLinearAlgebra;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CovarianceTest {
  private static final LinearAlgebra ALGEBRA = new PlainLinearAlgebra();

  private final Random random = new Random(6);

  /** A column of zeros makes rows fewer than columns, and changes nothing else. */
  @Test
  void shrunkInversesAreTheSameByRowsAndByColumns() {
    int rows = 40;
    Matrix tall = noise(rows, rows);
    Matrix wide = Matrix.zeros(Matrix.Type.FLOAT32, rows, rows + 1);
    for (int row = 0; row < rows; row++) {
      for (int c = 0; c < rows; c++) {
        wide.set(row, c, tall.get(row, c));
      }
    }
    double[] byColumns = solved(tall);
    double[] byRows = solved(wide);
    for (int c = 0; c < rows; c++) {
      assertThat(byRows[c]).isCloseTo(byColumns[c], within(1e-6));
    }
    assertThat(byRows[rows]).isZero();
  }

  private static double[] solved(Matrix rows) {
    boolean[] positive = new boolean[rows.rows()];
    for (int row = 0; row < positive.length; row++) {
      positive[row] = row % 3 == 0;
    }
    FoldRows design = new FoldRows(rows, IntStream.range(0, rows.rows()).toArray(), ALGEBRA);
    return design
        .covariance()
        .solve(1, 0.1, design.slopes(List.of(Targets.binary(positive))))
        .column(0);
  }

  @Test
  void rowsThatAreLookedAtInPiecesGiveWhatAllTogetherGive() {
    int rows = 8192 + 5;
    Matrix many = noise(rows, 3);
    Covariance covariance = Covariance.of(many, ALGEBRA);
    double[] mean = new double[3];
    for (int row = 0; row < rows; row++) {
      for (int c = 0; c < 3; c++) {
        mean[c] += many.get(row, c) / rows;
      }
    }
    double product = 0;
    for (int row = 0; row < rows; row++) {
      product += (many.get(row, 0) - mean[0]) * (many.get(row, 2) - mean[2]) / rows;
    }
    assertThat(covariance.times(new double[] {1, 0, 0})[2]).isCloseTo(product, within(1e-12));
  }

  private Matrix noise(int rows, int columns) {
    Matrix matrix = Matrix.zeros(Matrix.Type.FLOAT32, rows, columns);
    for (int row = 0; row < rows; row++) {
      for (int c = 0; c < columns; c++) {
        matrix.set(row, c, random.nextGaussian() + (c == 2 ? matrix.get(row, 0) : 1));
      }
    }
    return matrix;
  }
}
