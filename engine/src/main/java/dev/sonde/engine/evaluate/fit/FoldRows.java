package dev.sonde.engine.evaluate.fit;

import dev.sonde.api.evaluate.Covariance;
import dev.sonde.api.evaluate.Design;
import dev.sonde.api.evaluate.Slopes;
import dev.sonde.api.evaluate.Standardised;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Some rows of a float32 matrix. They are gathered once, when first asked for, and what decoders
 * share of them is kept: their covariance, and the slopes on the labelings that came last.
 */
public final class FoldRows implements Design {
  private final Matrix parent;
  private final int[] index;
  private final LinearAlgebra algebra;
  private Optional<Matrix> gathered = Optional.empty();
  private Optional<Covariance> covariance = Optional.empty();
  private Optional<Standardised> standardised = Optional.empty();
  private List<Targets> labelings = List.of();
  private Optional<Slopes> slopes = Optional.empty();

  /**
   * Some rows.
   *
   * @param index of each among the parent's rows
   */
  public FoldRows(Matrix parent, int[] index, LinearAlgebra algebra) {
    this.parent = parent;
    this.index = index;
    this.algebra = algebra;
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
    for (int c = 0; c < into.length; c++) {
      into[c] = parent.get(index[row], c);
    }
  }

  @Override
  public Matrix times(Matrix weights) {
    return algebra.multiply(gathered(), weights);
  }

  @Override
  public Matrix transposeTimes(Matrix coefficients) {
    return algebra.transposeTimes(gathered(), coefficients);
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
      covariance = Optional.of(Covariance.of(gathered(), algebra));
    }
    return covariance.get();
  }

  @Override
  public Standardised standardised() {
    if (standardised.isEmpty()) {
      standardised =
          Optional.of(
              Standardised.of(
                  this,
                  matrix ->
                      new FoldRows(matrix, IntStream.range(0, index.length).toArray(), algebra)));
    }
    return standardised.get();
  }

  private Matrix gathered() {
    if (gathered.isEmpty()) {
      gathered = Optional.of(parent.select(index));
    }
    return gathered.get();
  }
}
