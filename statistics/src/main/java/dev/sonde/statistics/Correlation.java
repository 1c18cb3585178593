package dev.sonde.statistics;

import java.util.Arrays;
import java.util.List;

/**
 * The correlation of two columns: Pearson's, or Spearman's, which is Pearson's of the {@link Ranks
 * ranks}. It is not defined, NaN, where one of the columns does not vary. Columns are sorted once
 * for many weightings.
 */
public final class Correlation {
  private final double[] x;
  private final double[] y;
  private final boolean ofRanks;
  private final Ranks rankedX;
  private final Ranks rankedY;

  private Correlation(double[] x, double[] y, boolean ofRanks) {
    if (x.length != y.length) {
      throw new IllegalArgumentException("%d values and %d".formatted(x.length, y.length));
    }
    this.x = x;
    this.y = y;
    this.ofRanks = ofRanks;
    this.rankedX = ofRanks ? Ranks.sorted(x) : Ranks.sorted(new double[0]);
    this.rankedY = ofRanks ? Ranks.sorted(y) : Ranks.sorted(new double[0]);
  }

  /** Pearson's, for many weightings of the rows. */
  public static Correlation ofValues(double[] x, double[] y) {
    return new Correlation(x.clone(), y.clone(), false);
  }

  /** Spearman's, for many weightings of the rows. */
  public static Correlation ofRanks(double[] x, double[] y) {
    return new Correlation(x.clone(), y.clone(), true);
  }

  /** Pearson's correlation; NaN where a side does not vary. */
  public static double pearson(double[] x, double[] y) {
    return new Correlation(x, y, false).once();
  }

  /** Spearman's correlation; NaN where a side does not vary. */
  public static double spearman(double[] x, double[] y) {
    return new Correlation(x, y, true).once();
  }

  /**
   * Pearson's correlations of all pairs of columns, {@code [columns][columns]}: each column is
   * standardised once.
   */
  public static double[][] pearson(List<double[]> columns) {
    List<double[]> standard = columns.stream().map(Correlation::standardised).toList();
    double[][] all = new double[columns.size()][columns.size()];
    for (int i = 0; i < all.length; i++) {
      for (int j = 0; j <= i; j++) {
        double[] a = standard.get(i);
        double[] b = standard.get(j);
        double sum = 0;
        for (int row = 0; row < a.length; row++) {
          sum += a[row] * b[row];
        }
        all[i][j] = sum;
        all[j][i] = sum;
      }
    }
    return all;
  }

  /** Centred, of length 1; NaN where values do not vary. */
  private static double[] standardised(double[] values) {
    double mean = Arrays.stream(values).average().orElse(Double.NaN);
    boolean varies = Arrays.stream(values).anyMatch(v -> v != values[0]);
    double length =
        varies
            ? Math.sqrt(Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum())
            : Double.NaN;
    return Arrays.stream(values).map(v -> (v - mean) / length).toArray();
  }

  private double once() {
    double[] once = new double[x.length];
    Arrays.fill(once, 1);
    return of(once);
  }

  /** Whether the first column varies among rows of positive weight. */
  public boolean firstVaries(double[] weights) {
    return varies(x, weights);
  }

  /** Whether the second column varies among rows of positive weight. */
  public boolean secondVaries(double[] weights) {
    return varies(y, weights);
  }

  private static boolean varies(double[] values, double[] weights) {
    int first = -1;
    for (int i = 0; i < values.length; i++) {
      if (weights[i] > 0) {
        first = first < 0 ? i : first;
        if (values[i] != values[first]) {
          return true;
        }
      }
    }
    return false;
  }

  /** The correlation where each row counts as often as its weight says. */
  public double of(double[] weights) {
    if (!firstVaries(weights) || !secondVaries(weights)) {
      return Double.NaN;
    }
    return ofRanks
        ? moments(rankedX.weighted(weights), rankedY.weighted(weights), weights)
        : moments(x, y, weights);
  }

  /**
   * The same as a figure of merit of the first column, a prediction of the second. A prediction
   * that does not vary tells nothing: it is at chance, 0, as its AUROC is 0.5. Where the second
   * column does not vary there is nothing to tell: NaN.
   */
  public double ofPrediction(double[] weights) {
    boolean silent = !firstVaries(weights) && secondVaries(weights);
    return silent ? 0 : of(weights);
  }

  /** {@code Σ w (x − x̄)(y − ȳ) / √(Σ w (x − x̄)² · Σ w (y − ȳ)²)}. */
  private static double moments(double[] x, double[] y, double[] weights) {
    double all = Arrays.stream(weights).sum();
    double meanX = 0;
    double meanY = 0;
    for (int i = 0; i < x.length; i++) {
      meanX += weights[i] * x[i] / all;
      meanY += weights[i] * y[i] / all;
    }
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      xx += weights[i] * (x[i] - meanX) * (x[i] - meanX);
      xy += weights[i] * (x[i] - meanX) * (y[i] - meanY);
      yy += weights[i] * (y[i] - meanY) * (y[i] - meanY);
    }
    return xy / Math.sqrt(xx * yy);
  }
}
