package dev.sonde.probe.influence.score;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.probe.influence.read.FloatMatrices;
import dev.sonde.probe.influence.read.GradientRows;
import java.util.List;

/**
 * Preconditioned gradients as they are. The gradients of some items are formed for one linear,
 * multiplied with all queries at once, and dropped.
 */
final class FullRank implements QuerySide {
  private final List<Matrix> stacks;
  private final int itemsAtOnce;

  /**
   * Over all linears.
   *
   * @param stacks per linear {@code [queries, out * in]}
   * @param itemsAtOnce most items whose gradients are formed together
   */
  FullRank(List<Matrix> stacks, int itemsAtOnce) {
    this.stacks = stacks;
    this.itemsAtOnce = itemsAtOnce;
  }

  @Override
  public int width() {
    return stacks.getFirst().rows();
  }

  @Override
  public void score(GradientRows rows, ScoreSums into, LinearAlgebra algebra) {
    Matrix stack = stacks.get(rows.linear());
    Matrix block = FloatMatrices.zeros(Math.min(itemsAtOnce, rows.count()), stack.columns());
    for (int from = 0; from < rows.count(); from += itemsAtOnce) {
      int to = Math.min(from + itemsAtOnce, rows.count());
      for (int place = from; place < to; place++) {
        Matrix gradient = rows.gradient(place, algebra);
        FloatMatrices.intoRow(block, place - from, gradient);
        ScoreSums.add(
            into.squaredNorms(), rows.items()[place], FloatMatrices.dot(gradient, gradient));
      }
      Matrix products = algebra.timesTranspose(block.rows(0, to - from), stack);
      for (int place = from; place < to; place++) {
        into.add(rows.linear(), rows.items()[place], products.rows(place - from, place - from + 1));
      }
    }
  }
}
