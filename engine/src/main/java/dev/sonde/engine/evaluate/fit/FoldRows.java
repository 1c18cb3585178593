package dev.sonde.engine.evaluate.fit;

import dev.sonde.api.evaluate.Covariance;
import dev.sonde.api.evaluate.Design;
import dev.sonde.api.evaluate.Slopes;
import dev.sonde.api.evaluate.Standardised;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Some rows of a float32 matrix. What decoders share of them is kept: their covariance, and the
 * slopes on the labelings that came last. Few rows are gathered once, when first asked for; of many
 * some thousands are at a time.
 */
public final class FoldRows implements Design {
  /** So many rows are gathered at once. */
  private static final int CHUNK = 8192;

  private final Matrix parent;
  private final int[] index;
  private final LinearAlgebra algebra;
  private final Optional<Sums> sums;
  private Optional<Matrix> gathered = Optional.empty();
  private Optional<Covariance> covariance = Optional.empty();
  private Optional<Standardised> standardised = Optional.empty();
  private List<Targets> labelings = List.of();
  private Optional<Slopes> slopes = Optional.empty();

  /** The sums of folds, and the split of which these are the training rows. */
  private record Sums(FoldSums ofFolds, Split split) {}

  /**
   * Some rows.
   *
   * @param index of each among the parent's rows
   */
  public FoldRows(Matrix parent, int[] index, LinearAlgebra algebra) {
    this(parent, index, algebra, Optional.empty());
  }

  private FoldRows(Matrix parent, int[] index, LinearAlgebra algebra, Optional<Sums> sums) {
    this.parent = parent;
    this.index = index;
    this.algebra = algebra;
    this.sums = sums;
  }

  /** The training rows of a split, with what folds add up to where it is known. */
  static FoldRows trainingRows(
      Matrix parent, Split split, LinearAlgebra algebra, Optional<FoldSums> ofFolds) {
    return new FoldRows(parent, split.train(), algebra, ofFolds.map(some -> new Sums(some, split)));
  }

  /** As many rows of another matrix. */
  FoldRows like(Matrix matrix) {
    return new FoldRows(matrix, IntStream.range(0, index.length).toArray(), algebra);
  }

  @Override
  public int rows() {
    return index.length;
  }

  @Override
  public int columns() {
    return parent.columns();
  }

  @Override
  public void copyRow(int row, double[] into) {
    System.arraycopy(parent.row(index[row]), 0, into, 0, into.length);
  }

  @Override
  public Matrix times(Matrix weights) {
    if (index.length <= CHUNK) {
      return algebra.multiply(gathered(), weights);
    }
    Matrix products = Matrix.zeros(Matrix.Type.FLOAT32, index.length, weights.columns());
    for (int from = 0; from < index.length; from += CHUNK) {
      int to = Math.min(from + CHUNK, index.length);
      Matrix some = algebra.multiply(gathered(from, to), weights);
      products.rows(from, to).segment().copyFrom(some.segment());
    }
    return products;
  }

  @Override
  public Matrix transposeTimes(Matrix coefficients) {
    if (index.length <= CHUNK) {
      return algebra.transposeTimes(gathered(), coefficients);
    }
    double[][] sum = new double[parent.columns()][coefficients.columns()];
    for (int from = 0; from < index.length; from += CHUNK) {
      int to = Math.min(from + CHUNK, index.length);
      Matrix some = algebra.transposeTimes(gathered(from, to), coefficients.rows(from, to));
      for (int c = 0; c < sum.length; c++) {
        double[] values = some.row(c);
        for (int k = 0; k < values.length; k++) {
          sum[c][k] += values[k];
        }
      }
    }
    return Matrix.of(Matrix.Type.FLOAT32, sum);
  }

  @Override
  public LinearAlgebra linearAlgebra() {
    return algebra;
  }

  @Override
  public Slopes slopes(List<Targets> many) {
    if (slopes.isEmpty() || labelings != many) {
      slopes = Optional.of(Slopes.of(this, many));
      labelings = many;
    }
    return slopes.get();
  }

  @Override
  public Covariance covariance() {
    if (covariance.isEmpty()) {
      covariance =
          Optional.of(
              sums.map(known -> known.ofFolds().covariance(known.split()))
                  .orElseGet(() -> Covariance.of(gathered(), algebra)));
    }
    return covariance.get();
  }

  @Override
  public Standardised standardised() {
    if (standardised.isEmpty()) {
      standardised =
          Optional.of(
              sums.map(
                      known ->
                          new StandardisedRows(this, known.ofFolds(), known.split())
                              .asStandardised())
                  .orElseGet(() -> Standardised.of(this, this::like)));
    }
    return standardised.get();
  }

  private Matrix gathered() {
    if (gathered.isEmpty()) {
      gathered = Optional.of(parent.select(index));
    }
    return gathered.get();
  }

  private Matrix gathered(int from, int to) {
    return parent.select(Arrays.copyOfRange(index, from, to));
  }
}
