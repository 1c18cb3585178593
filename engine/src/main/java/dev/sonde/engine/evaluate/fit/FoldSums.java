package dev.sonde.engine.evaluate.fit;

import dev.sonde.api.evaluate.Covariance;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What the rows of each fold add up to: their sums and the sums of their products, features by
 * features. Those of a training side are those of the other folds together, so that every row is
 * multiplied once however many folds there are. Sums are of rows less one point among them, so that
 * nothing is lost where features lie far from 0.
 */
final class FoldSums {
  /** Rows of which the products are added up at once. */
  private static final int CHUNK = 8192;

  private final Matrix features;
  private final List<Split> splits;
  private final LinearAlgebra algebra;
  private final double[] origin;
  private final double[][] sums;
  private final double[][][] products;
  private boolean added;

  private FoldSums(Matrix features, List<Split> splits, LinearAlgebra algebra) {
    this.features = features;
    this.splits = splits;
    this.algebra = algebra;
    this.origin = features.row(splits.getFirst().test()[0]);
    this.sums = new double[splits.size()][features.columns()];
    this.products = new double[splits.size()][0][];
  }

  /**
   * The sums of some features over folds; empty where training sides are not the other folds, or
   * have fewer rows than there are features.
   */
  static Optional<FoldSums> of(Matrix features, List<Split> splits, LinearAlgebra algebra) {
    boolean tall = splits.stream().allMatch(split -> split.train().length >= features.columns());
    return tall && othersAreFitted(splits, features.rows())
        ? Optional.of(new FoldSums(features, splits, algebra))
        : Optional.empty();
  }

  private static boolean othersAreFitted(List<Split> splits, int rows) {
    if (splits.size() < 3) {
      return false;
    }
    int[] fold = new int[rows];
    Arrays.fill(fold, -1);
    int held = 0;
    for (int s = 0; s < splits.size(); s++) {
      for (int row : splits.get(s).test()) {
        fold[row] = s;
        held++;
      }
    }
    for (int s = 0; s < splits.size(); s++) {
      int own = s;
      Split split = splits.get(s);
      if (split.test().length == 0
          || split.train().length + split.test().length != held
          || Arrays.stream(split.train()).anyMatch(r -> fold[r] < 0 || fold[r] == own)) {
        return false;
      }
    }
    return true;
  }

  /** The covariance of a split's training rows. */
  Covariance covariance(Split split) {
    double[][] centred = centred(split);
    return Covariance.ofProducts(
        mean(split), split.train().length, Matrix.of(Matrix.Type.FLOAT64, centred), algebra);
  }

  /** Which of the splits one is; each is made once. */
  @SuppressWarnings("ReferenceEquality")
  private int index(Split split) {
    int index = 0;
    while (splits.get(index) != split) {
      index++;
    }
    return index;
  }

  /** The mean of a split's training rows. */
  double[] mean(Split split) {
    add();
    double[] mean = origin.clone();
    int index = index(split);
    for (int s = 0; s < sums.length; s++) {
      if (s != index) {
        for (int c = 0; c < mean.length; c++) {
          mean[c] += sums[s][c] / split.train().length;
        }
      }
    }
    return mean;
  }

  /** The sums of products of a split's training rows around their mean. */
  double[][] centred(Split split) {
    add();
    int width = origin.length;
    double[][] centred = new double[width][width];
    double[] sum = new double[width];
    int index = index(split);
    for (int s = 0; s < sums.length; s++) {
      if (s != index) {
        for (int i = 0; i < width; i++) {
          sum[i] += sums[s][i];
          for (int j = 0; j < width; j++) {
            centred[i][j] += products[s][i][j];
          }
        }
      }
    }
    for (int i = 0; i < width; i++) {
      double of = sum[i] / split.train().length;
      for (int j = 0; j < width; j++) {
        centred[i][j] -= of * sum[j];
      }
    }
    return centred;
  }

  private void add() {
    if (added) {
      return;
    }
    added = true;
    for (int s = 0; s < products.length; s++) {
      products[s] = new double[origin.length][origin.length];
      int[] rows = splits.get(s).test();
      for (int from = 0; from < rows.length; from += CHUNK) {
        add(Arrays.copyOfRange(rows, from, Math.min(from + CHUNK, rows.length)), s);
      }
    }
  }

  private void add(int[] rows, int fold) {
    try (Arena arena = Arena.ofConfined()) {
      Matrix apart = Matrix.zeros(arena, Matrix.Type.FLOAT64, rows.length, origin.length);
      for (int i = 0; i < rows.length; i++) {
        double[] values = features.row(rows[i]);
        for (int c = 0; c < values.length; c++) {
          values[c] -= origin[c];
          sums[fold][c] += values[c];
        }
        apart.setRow(i, values);
      }
      Matrix some = algebra.crossProducts(apart);
      for (int i = 0; i < origin.length; i++) {
        double[] values = some.row(i);
        for (int j = 0; j < values.length; j++) {
          products[fold][i][j] += values[j];
        }
      }
    }
  }
}
