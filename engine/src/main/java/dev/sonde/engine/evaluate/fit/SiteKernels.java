package dev.sonde.engine.evaluate.fit;

import dev.sonde.api.evaluate.FeatureScales;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import java.lang.foreign.Arena;
import java.util.Arrays;

/**
 * The inner products of the rows of one hook point, and what of them every split needs: those of
 * rows as they are serve all splits once they are centred anew; those of standardised rows are made
 * for each, as every split has scales of its own. Medians are read off an order of all rows that is
 * made once.
 */
final class SiteKernels {
  /** What centring leaves of rows that are all alike, in units of their squared length. */
  private static final double ROUNDING = 1e-13;

  private final Matrix features;
  private final LinearAlgebra algebra;
  private final boolean manySplits;
  private double[][] products = new double[0][];
  private Ascending[] ascending = new Ascending[0];

  /** A feature of all rows in ascending order. */
  private record Ascending(int[] rows, float[] values) {}

  /**
   * Of some rows.
   *
   * @param manySplits whether an order of all rows pays
   */
  SiteKernels(Matrix features, LinearAlgebra algebra, boolean manySplits) {
    this.features = features;
    this.algebra = algebra;
    this.manySplits = manySplits;
  }

  /**
   * Inner products of a split, training rows centred on their mean and test rows on the same.
   *
   * @param train {@code [train, train]}
   * @param test {@code [train, test]}
   * @param trace of the former; 0 where training rows are all alike
   */
  record Centred(double[][] train, double[][] test, double trace) {}

  /** Those of the rows as they are. */
  Centred raw(Split split) {
    if (products.length == 0) {
      products = products();
    }
    int[] train = split.train();
    double[] means = new double[train.length];
    double grand = 0;
    double[][] own = new double[train.length][train.length];
    for (int i = 0; i < train.length; i++) {
      double[] of = products[train[i]];
      double sum = 0;
      for (int j = 0; j < train.length; j++) {
        own[i][j] = of[train[j]];
        sum += own[i][j];
      }
      means[i] = sum / train.length;
      grand += means[i] / train.length;
    }
    double trace = 0;
    double largest = 0;
    for (int i = 0; i < train.length; i++) {
      largest = Math.max(largest, own[i][i]);
      double shift = grand - means[i];
      for (int j = 0; j < train.length; j++) {
        own[i][j] += shift - means[j];
      }
      trace += own[i][i];
    }
    double[][] across = new double[train.length][split.test().length];
    for (int t = 0; t < split.test().length; t++) {
      double[] of = products[split.test()[t]];
      double mean = 0;
      for (int row : train) {
        mean += of[row] / train.length;
      }
      for (int i = 0; i < train.length; i++) {
        across[i][t] = of[train[i]] - means[i] - mean + grand;
      }
    }
    return new Centred(own, across, trace > ROUNDING * largest * train.length ? trace : 0);
  }

  private double[][] products() {
    double[] mean = new double[features.columns()];
    for (int row = 0; row < features.rows(); row++) {
      double[] values = features.row(row);
      for (int c = 0; c < mean.length; c++) {
        mean[c] += values[c] / features.rows();
      }
    }
    try (Arena arena = Arena.ofConfined()) {
      Matrix centred =
          Matrix.zeros(arena, Matrix.Type.FLOAT64, features.rows(), features.columns());
      for (int row = 0; row < features.rows(); row++) {
        double[] values = features.row(row);
        subtract(mean, values);
        centred.setRow(row, values);
      }
      return rows(algebra.timesTranspose(centred, centred));
    }
  }

  /** Those of standardised rows, of which test rows are not cut. */
  Centred standardised(Split split) {
    int[] train = split.train();
    int[] test = split.test();
    FeatureScales scales = scales(train);
    double[][] fitted = new double[train.length][];
    double[] mean = new double[features.columns()];
    for (int i = 0; i < train.length; i++) {
      fitted[i] = features.row(train[i]);
      scales.standardise(fitted[i]);
      for (int c = 0; c < mean.length; c++) {
        fitted[i][c] = (float) fitted[i][c]; // as standardised rows are kept
        mean[c] += fitted[i][c];
      }
    }
    for (int c = 0; c < mean.length; c++) {
      mean[c] /= train.length;
    }
    try (Arena arena = Arena.ofConfined()) {
      Matrix all =
          Matrix.zeros(arena, Matrix.Type.FLOAT64, train.length + test.length, features.columns());
      for (int i = 0; i < train.length; i++) {
        subtract(mean, fitted[i]);
        all.setRow(i, fitted[i]);
      }
      for (int t = 0; t < test.length; t++) {
        double[] values = features.row(test[t]);
        scales.scale(values);
        subtract(mean, values);
        all.setRow(train.length + t, values);
      }
      double[][] both = rows(algebra.timesTranspose(all.rows(0, train.length), all));
      double[][] own = new double[train.length][];
      double[][] across = new double[train.length][];
      double trace = 0;
      for (int i = 0; i < train.length; i++) {
        own[i] = Arrays.copyOf(both[i], train.length);
        across[i] = Arrays.copyOfRange(both[i], train.length, both[i].length);
        trace += own[i][i];
      }
      return new Centred(own, across, trace);
    }
  }

  private FeatureScales scales(int[] train) {
    if (!manySplits) {
      return FeatureScales.of(new FoldRows(features, train, algebra));
    }
    if (ascending.length == 0) {
      ascending = ascending();
    }
    boolean[] among = new boolean[features.rows()];
    int[] sampled = FeatureScales.sampled(train.length);
    for (int place : sampled) {
      among[train[place]] = true;
    }
    double[][] values = new double[features.columns()][sampled.length];
    for (int c = 0; c < values.length; c++) {
      Ascending feature = ascending[c];
      int next = 0;
      for (int i = 0; i < feature.rows().length; i++) {
        if (among[feature.rows()[i]]) {
          values[c][next++] = feature.values()[i];
        }
      }
    }
    return FeatureScales.of(values, new FoldRows(features, train, algebra));
  }

  private Ascending[] ascending() {
    double[][] all = rows(features);
    Ascending[] ordered = new Ascending[features.columns()];
    long[] keys = new long[all.length];
    for (int c = 0; c < ordered.length; c++) {
      for (int row = 0; row < keys.length; row++) {
        int bits = Float.floatToIntBits((float) all[row][c]);
        int order = bits < 0 ? bits ^ Integer.MAX_VALUE : bits;
        keys[row] = (long) order << Integer.SIZE | row;
      }
      Arrays.sort(keys);
      int[] rows = new int[keys.length];
      float[] values = new float[keys.length];
      for (int i = 0; i < keys.length; i++) {
        rows[i] = (int) keys[i];
        values[i] = (float) all[rows[i]][c];
      }
      ordered[c] = new Ascending(rows, values);
    }
    return ordered;
  }

  private static void subtract(double[] mean, double[] from) {
    for (int c = 0; c < mean.length; c++) {
      from[c] -= mean[c];
    }
  }

  private static double[][] rows(Matrix matrix) {
    double[][] rows = new double[matrix.rows()][];
    Arrays.setAll(rows, matrix::row);
    return rows;
  }
}
