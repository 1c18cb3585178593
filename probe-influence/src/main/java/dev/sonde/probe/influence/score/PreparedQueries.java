package dev.sonde.probe.influence.score;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.probe.influence.read.FloatMatrices;
import dev.sonde.probe.influence.read.LinearModule;
import dev.sonde.probe.influence.read.TokenizedText;
import java.util.List;

/**
 * Preconditioned queries, as documents are multiplied with them.
 *
 * @param side the gradients, variant by variant and query by query
 * @param squaredNorms of the gradients, {@code [1, variants * queries]} float32
 * @param residuals what was left to solve of each, {@code [1, variants * queries]} float32
 */
record PreparedQueries(QuerySide side, Matrix squaredNorms, Matrix residuals) {

  /** Queries whose gradients are kept whole. */
  static PreparedQueries whole(
      List<TokenizedText> queries, QueryPreconditioner preconditioner, Demand demand) {
    QueryPreconditioner.Preconditioned preconditioned = preconditioner.preconditioned(queries);
    List<Matrix> stacks = preconditioned.stacks();
    Matrix norms = FloatMatrices.zeros(1, stacks.getFirst().rows());
    for (int row = 0; row < norms.columns(); row++) {
      norms.set(0, row, squaredNorm(stacks, row));
    }
    return new PreparedQueries(
        new FullRank(stacks, demand.itemsAtOnce(preconditioner.linears())),
        norms,
        Matrix.of(Matrix.Type.FLOAT32, new double[][] {preconditioned.residuals()}));
  }

  /** Forms the whole gradients of some queries at a time and keeps them at low rank. */
  static PreparedQueries reduced(
      List<TokenizedText> queries,
      QueryPreconditioner preconditioner,
      int rank,
      Demand demand,
      LinearAlgebra algebra) {
    List<LinearModule> linears = preconditioner.linears();
    int width = preconditioner.variants() * queries.size();
    LowRank side = new LowRank(linears, width, rank, algebra);
    Matrix norms = FloatMatrices.zeros(1, width);
    Matrix residuals = FloatMatrices.zeros(1, width);
    int atOnce = demand.queriesFormedAtOnce();
    for (int from = 0; from < queries.size(); from += atOnce) {
      List<TokenizedText> some = queries.subList(from, Math.min(from + atOnce, queries.size()));
      QueryPreconditioner.Preconditioned preconditioned = preconditioner.preconditioned(some);
      List<Matrix> stacks = preconditioned.stacks();
      for (int row = 0; row < preconditioner.variants() * some.size(); row++) {
        int column = row / some.size() * queries.size() + from + row % some.size();
        norms.set(0, column, squaredNorm(stacks, row));
        residuals.set(0, column, preconditioned.residuals()[row]);
        for (int i = 0; i < linears.size(); i++) {
          LinearModule of = linears.get(i);
          side.put(i, column, FloatMatrices.shaped(stacks.get(i), row, of.out(), of.in()));
        }
      }
    }
    return new PreparedQueries(side, norms, residuals);
  }

  /** The squared norm of one gradient over all linears. */
  private static double squaredNorm(List<Matrix> stacks, int row) {
    double sum = 0;
    for (Matrix stack : stacks) {
      Matrix own = stack.rows(row, row + 1);
      sum += FloatMatrices.dot(own, own);
    }
    return sum;
  }
}
