package dev.sonde.probe.influence.score;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.Artifact;

/**
 * How many positive and negative scores each query has of each size, and their sums: bins of a
 * quarter of an octave, from 2⁻⁶⁴ to 2⁶⁴.
 */
public final class ScoreHistogram {
  private static final int PER_OCTAVE = 4;
  private static final int OCTAVES = 128;
  private static final int BINS = PER_OCTAVE * OCTAVES;
  private static final double LOG_2 = Math.log(2);
  private static final String COUNTS = "histogram.counts.";
  private static final String SUMS = "histogram.sums.";

  private final double[][] counts;
  private final double[][] sums;

  /** One of the signs of all queries. */
  private ScoreHistogram(int queries) {
    this.counts = new double[queries][BINS];
    this.sums = new double[queries][BINS];
  }

  /** No scores yet. */
  static ScoreHistogram none(int queries) {
    return new ScoreHistogram(queries);
  }

  /** Counts a score if it is positive. */
  void count(int query, double score) {
    if (score > 0) {
      int bin = (int) Math.floor(PER_OCTAVE * (Math.log(score) / LOG_2 + OCTAVES / 2.0));
      int place = Math.clamp(bin, 0, BINS - 1);
      counts[query][place]++;
      sums[query][place] += score;
    }
  }

  /** How many scores of a query were counted. */
  public long count(int query) {
    double count = 0;
    for (double own : counts[query]) {
      count += own;
    }
    return (long) count;
  }

  /**
   * The sum of a query's largest scores: exact but for the bin in which the last of them lies, of
   * which a part of its own share is taken.
   *
   * @param largest how many
   */
  double sum(int query, long largest) {
    double left = largest;
    double sum = 0;
    for (int bin = BINS - 1; bin >= 0 && left > 0; bin--) {
      double own = counts[query][bin];
      sum += own <= left ? sums[query][bin] : sums[query][bin] * left / own;
      left -= own;
    }
    return sum;
  }

  Artifact into(Artifact artifact, String sign) {
    return artifact
        .with(COUNTS + sign, Matrix.of(Matrix.Type.FLOAT64, counts))
        .with(SUMS + sign, Matrix.of(Matrix.Type.FLOAT64, sums));
  }

  /** Adds what a shard counted for some queries, of which one is the first. */
  void add(Artifact artifact, String sign, int first) {
    add(artifact.tensor(COUNTS + sign), counts, first);
    add(artifact.tensor(SUMS + sign), sums, first);
  }

  private static void add(Matrix more, double[][] to, int first) {
    for (int q = 0; q < more.rows(); q++) {
      double[] row = more.row(q);
      for (int bin = 0; bin < row.length; bin++) {
        to[first + q][bin] += row[bin];
      }
    }
  }

  /** Numbers held for a query. */
  static long held() {
    return 2L * BINS;
  }
}
