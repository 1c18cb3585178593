package dev.sonde.probe.influence;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.LinearAlgebra.SingularValues;
import dev.sonde.api.linalg.Matrix;
import java.util.ArrayList;
import java.util.List;

/**
 * Preconditioned gradients of low rank, {@code P ≈ L Rᵀ}: a token's score is {@code (sᵀL) · (aᵀR)},
 * so that no gradient of an item is formed and queries take {@code rank * (in + out)} numbers
 * (Grosse et al. 2023, section 3.2.2).
 */
final class LowRank implements QuerySide {
  private final List<Side> sides = new ArrayList<>();
  private final int rank;
  private final int width;

  /** Both sides of one linear: {@code [out, queries * rank]} and {@code [in, queries * rank]}. */
  private record Side(Matrix left, Matrix right) {}

  /**
   * Of the leading singular vectors.
   *
   * @param stacks per linear {@code [queries, out * in]}; used here only
   * @param rank most singular vectors of one query and linear
   */
  LowRank(List<Linear> linears, List<Matrix> stacks, int rank, LinearAlgebra algebra) {
    this.rank = rank;
    this.width = stacks.getFirst().rows();
    for (int linear = 0; linear < linears.size(); linear++) {
      sides.add(side(linears.get(linear), stacks.get(linear), algebra));
    }
  }

  private Side side(Linear linear, Matrix stack, LinearAlgebra algebra) {
    Matrix left = Cells.zeros(linear.out(), width * rank);
    Matrix right = Cells.zeros(linear.in(), width * rank);
    for (int query = 0; query < width; query++) {
      SingularValues svd =
          algebra.singularValues(Cells.shaped(stack, query, linear.out(), linear.in()));
      for (int k = 0; k < Math.min(rank, svd.values().length); k++) {
        for (int row = 0; row < linear.out(); row++) {
          left.set(row, query * rank + k, svd.left().get(row, k) * svd.values()[k]);
        }
        for (int row = 0; row < linear.in(); row++) {
          right.set(row, query * rank + k, svd.rightTransposed().get(k, row));
        }
      }
    }
    return new Side(left, right);
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public void score(TokenRows rows, Scores into, LinearAlgebra algebra) {
    Side side = sides.get(rows.linear());
    Matrix left = algebra.multiply(rows.gradients(), side.left);
    Matrix right = algebra.multiply(rows.inputs(), side.right);
    for (int place = 0; place < rows.count(); place++) {
      int item = rows.items()[place];
      for (int token = rows.starts()[place]; token < rows.starts()[place + 1]; token++) {
        double[] l = left.row(token);
        double[] r = right.row(token);
        for (int query = 0; query < width; query++) {
          double sum = 0;
          for (int k = query * rank; k < (query + 1) * rank; k++) {
            sum += l[k] * r[k];
          }
          into.values().set(item, query, into.values().get(item, query) + sum);
        }
      }
    }
  }
}
