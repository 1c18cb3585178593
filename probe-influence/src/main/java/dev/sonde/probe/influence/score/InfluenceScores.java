package dev.sonde.probe.influence.score;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.statistics.Correlation;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What documents score for queries, as far as it is held. Scores are estimated changes of log
 * P(completion) per nat of the completion, see {@link ScoreUnits}.
 *
 * @param rankings per method the documents of the highest scores; the first method is reported
 * @param bottom the documents of the lowest scores of the reported method, the lowest first
 * @param correlations of each two queries' reported scores over all documents; empty where queries
 *     were held in turns
 * @param sizes how large the reported scores are
 * @param sample the reported scores of an even sample of the documents, {@code [queries, sample]},
 *     up to one factor a query
 * @param documentNorms of the documents' gradients
 * @param units of the scores
 * @param self what each document scores for itself; empty where that was not asked for
 * @param linears per linear and query the sum of its absolute scores; empty where that was not
 *     asked for
 * @param residuals per variant and query the length of what was left to solve, over that of the
 *     query's gradient; NaN where factors alone are the solution
 * @param full all scores of each variant before any division; none where that was not asked for
 */
public record InfluenceScores(
    List<Rankings> rankings,
    Rankings bottom,
    Optional<double[][]> correlations,
    Sizes sizes,
    Matrix sample,
    double[] documentNorms,
    ScoreUnits units,
    double[] self,
    double[][] linears,
    double[][] residuals,
    FullScores full) {

  /**
   * How many scores there are of each size.
   *
   * @param positive those above 0
   * @param negative those below, without their sign
   */
  record Sizes(ScoreHistogram positive, ScoreHistogram negative) {}

  /** Number of queries. */
  public int queries() {
    return sample.rows();
  }

  /** The rankings of the reported method. */
  public Rankings first() {
    return rankings.getFirst();
  }

  /** How many documents score above 0. */
  public long positive(int query) {
    return sizes.positive.count(query);
  }

  /** The sum of the highest of a query's positive scores; a share of them, at least one. */
  public double positiveSum(int query, double share) {
    return sum(sizes.positive, first().of(query).scores(), query, share);
  }

  /** The same of the negative scores, without their sign. */
  public double negativeSum(int query, double share) {
    double[] lowest = Arrays.stream(bottom.of(query).scores()).map(score -> -score).toArray();
    return sum(sizes.negative, lowest, query, share);
  }

  private double sum(ScoreHistogram histogram, double[] held, int query, double share) {
    long count = (long) Math.ceil(share * histogram.count(query));
    if (count <= held.length) {
      return Arrays.stream(held).limit(count).sum();
    }
    return histogram.sum(query, count) * units.of(first().method())[query];
  }

  /** Pearson's correlation of each two queries; over the sample where not all is known. */
  public double[][] correlation() {
    return correlations.orElseGet(
        () -> Correlation.pearson(IntStream.range(0, queries()).mapToObj(sample::row).toList()));
  }
}
