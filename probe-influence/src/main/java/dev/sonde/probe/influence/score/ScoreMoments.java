package dev.sonde.probe.influence.score;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.Artifact;
import dev.sonde.statistics.PlainVectors;
import java.util.Arrays;

/**
 * Running moments of the scores of several queries, from which the correlation of each two follows
 * exactly, without the scores (Chan, Golub and LeVeque 1983).
 */
final class ScoreMoments {
  private static final String COUNT = "moments.count";
  private static final String MEANS = "moments.means";
  private static final String PRODUCTS = "moments.products";
  private static final String ENDS = "moments.ends";

  private final double[] means;
  private final double[] lowest;
  private final double[] highest;
  private final double[][] products;
  private long count;

  /** Of no scores yet. */
  ScoreMoments(int queries) {
    this.means = new double[queries];
    this.lowest = new double[queries];
    this.highest = new double[queries];
    this.products = new double[queries][queries];
    Arrays.fill(lowest, Double.POSITIVE_INFINITY);
    Arrays.fill(highest, Double.NEGATIVE_INFINITY);
  }

  /**
   * Those of some documents.
   *
   * @param scores {@code [queries][documents]}, at least one document
   */
  static ScoreMoments of(double[][] scores) {
    ScoreMoments moments = new ScoreMoments(scores.length);
    moments.count = scores[0].length;
    double[][] centred = new double[scores.length][];
    for (int q = 0; q < scores.length; q++) {
      double mean = Arrays.stream(scores[q]).sum() / moments.count;
      moments.means[q] = mean;
      moments.lowest[q] = Arrays.stream(scores[q]).min().orElseThrow();
      moments.highest[q] = Arrays.stream(scores[q]).max().orElseThrow();
      centred[q] = Arrays.stream(scores[q]).map(score -> score - mean).toArray();
    }
    for (int i = 0; i < scores.length; i++) {
      for (int j = 0; j <= i; j++) {
        moments.products[i][j] = PlainVectors.dot(centred[i], centred[j]);
      }
    }
    return moments;
  }

  /** Adds those of further documents. */
  void add(ScoreMoments more) {
    double all = count + more.count;
    double[] apart = new double[means.length];
    Arrays.setAll(apart, q -> more.means[q] - means[q]);
    for (int i = 0; i < means.length; i++) {
      for (int j = 0; j <= i; j++) {
        products[i][j] += more.products[i][j] + apart[i] * apart[j] * (count * (more.count / all));
      }
      means[i] += apart[i] * (more.count / all);
      lowest[i] = Math.min(lowest[i], more.lowest[i]);
      highest[i] = Math.max(highest[i], more.highest[i]);
    }
    count += more.count;
  }

  /** Pearson's correlation of each two queries; NaN where the scores of one do not vary. */
  double[][] correlations() {
    double[][] r = new double[means.length][means.length];
    for (int i = 0; i < r.length; i++) {
      for (int j = 0; j <= i; j++) {
        boolean vary = lowest[i] < highest[i] && lowest[j] < highest[j];
        r[i][j] = vary ? products[i][j] / Math.sqrt(products[i][i] * products[j][j]) : Double.NaN;
        r[j][i] = r[i][j];
      }
    }
    return r;
  }

  Artifact into(Artifact artifact) {
    Matrix.Type type = Matrix.Type.FLOAT64;
    return artifact
        .with(COUNT, count)
        .with(MEANS, Matrix.of(type, new double[][] {means}))
        .with(ENDS, Matrix.of(type, new double[][] {lowest, highest}))
        .with(PRODUCTS, Matrix.of(type, products));
  }

  static ScoreMoments in(Artifact artifact) {
    Matrix products = artifact.tensor(PRODUCTS);
    ScoreMoments moments = new ScoreMoments(products.rows());
    moments.count = artifact.integers(COUNT)[0];
    copy(artifact.tensor(MEANS).row(0), moments.means);
    copy(artifact.tensor(ENDS).row(0), moments.lowest);
    copy(artifact.tensor(ENDS).row(1), moments.highest);
    for (int q = 0; q < moments.products.length; q++) {
      copy(products.row(q), moments.products[q]);
    }
    return moments;
  }

  private static void copy(double[] from, double[] to) {
    System.arraycopy(from, 0, to, 0, to.length);
  }
}
