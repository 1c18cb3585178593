package dev.sonde.probe.influence.score;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.LinearAlgebra.SingularValues;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.probe.influence.read.FloatMatrices;
import dev.sonde.probe.influence.read.GradientRows;
import dev.sonde.probe.influence.read.LinearModule;
import java.util.List;

/**
 * Preconditioned gradients of low rank, {@code P ≈ L Rᵀ}: a token's score is {@code (sᵀL) · (aᵀR)},
 * so that no gradient of an item is formed and queries take {@code rank * (in + out)} numbers
 * (Grosse et al. 2023, section 3.2.2). The norm of an item's gradient follows from the products of
 * its tokens: {@code |Σ s aᵀ|² = Σ (s·s')(a·a')}.
 */
final class LowRank implements QuerySide {
  private final List<Side> sides;
  private final int rank;
  private final int width;
  private final LinearAlgebra algebra;

  /** Both sides of one linear: {@code [out, queries * rank]} and {@code [in, queries * rank]}. */
  private record Side(Matrix left, Matrix right) {}

  /**
   * Of no gradients yet.
   *
   * @param width number of gradients of each linear
   * @param rank most singular vectors of one gradient
   */
  LowRank(List<LinearModule> linears, int width, int rank, LinearAlgebra algebra) {
    this.rank = rank;
    this.width = width;
    this.algebra = algebra;
    this.sides =
        linears.stream()
            .map(
                l ->
                    new Side(
                        FloatMatrices.zeros(l.out(), width * rank),
                        FloatMatrices.zeros(l.in(), width * rank)))
            .toList();
  }

  /**
   * Puts the leading singular vectors of a gradient of a linear.
   *
   * @param column which of them it is
   */
  void put(int linear, int column, Matrix gradient) {
    Side side = sides.get(linear);
    SingularValues svd = algebra.singularValues(gradient);
    for (int k = 0; k < Math.min(rank, svd.values().length); k++) {
      for (int row = 0; row < gradient.rows(); row++) {
        side.left.set(row, column * rank + k, svd.left().get(row, k) * svd.values()[k]);
      }
      for (int row = 0; row < gradient.columns(); row++) {
        side.right.set(row, column * rank + k, svd.rightTransposed().get(k, row));
      }
    }
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public void score(GradientRows rows, ScoreSums into, LinearAlgebra algebra) {
    Side side = sides.get(rows.linear());
    Matrix left = algebra.multiply(rows.gradients(), side.left);
    Matrix right = algebra.multiply(rows.inputs(), side.right);
    for (int place = 0; place < rows.count(); place++) {
      double[] sums = new double[width];
      for (int token = rows.starts()[place]; token < rows.starts()[place + 1]; token++) {
        double[] l = left.row(token);
        double[] r = right.row(token);
        for (int query = 0; query < width; query++) {
          for (int k = query * rank; k < (query + 1) * rank; k++) {
            sums[query] += l[k] * r[k];
          }
        }
      }
      Matrix row = Matrix.of(Matrix.Type.FLOAT32, new double[][] {sums});
      into.add(rows.linear(), rows.items()[place], row);
      ScoreSums.add(into.squaredNorms(), rows.items()[place], squaredNorm(rows, place, algebra));
    }
  }

  private static double squaredNorm(GradientRows rows, int place, LinearAlgebra algebra) {
    int from = rows.starts()[place];
    int to = rows.starts()[place + 1];
    Matrix gradients = rows.gradients().rows(from, to);
    Matrix inputs = rows.inputs().rows(from, to);
    double squared =
        FloatMatrices.dot(
            algebra.timesTranspose(gradients, gradients), algebra.timesTranspose(inputs, inputs));
    return Math.max(0, squared); // rounding of products that cancel
  }
}
