package dev.sonde.probe.influence.score;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.Artifact;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is kept of the scores of some documents for some queries, as an artifact; {@link
 * SummaryMerge} puts those of all shards together.
 */
final class ShardSummary {
  /** The range of queries, in a shard's input and its result. */
  static final String QUERIES = "queries";

  /** The range of documents, likewise. */
  static final String DOCUMENTS = "documents";

  static final String TOP = "top.";
  static final String BOTTOM = "bottom";
  static final String OF_DOCUMENTS = ".documents";
  static final String OF_SCORES = ".scores";
  static final String SUBSETS = "subsets.";
  static final String POSITIVE = "positive";
  static final String NEGATIVE = "negative";
  static final String SAMPLE = "sample";
  static final String DOCUMENT_NORMS = "norms.documents";
  static final String RESIDUALS = "residuals";
  static final String SELF = "self";
  static final String LINEARS = "linears";
  static final String FULL = "full";

  private final SummaryShape shape;
  private final List<BitSet> subsets;

  /**
   * Of scores.
   *
   * @param subsets of the documents, over which scores are summed
   */
  ShardSummary(SummaryShape shape, List<BitSet> subsets) {
    this.shape = shape;
    this.subsets = subsets;
  }

  /** The first index of a range and the one behind its last. */
  static int[] range(Artifact artifact, String name) {
    return Arrays.stream(artifact.integers(name)).mapToInt(Math::toIntExact).toArray();
  }

  /**
   * What is kept of a shard.
   *
   * @param queries the indices of the first query and of the one behind the last
   * @param documents likewise
   * @param tokens per document of the shard, that it is trained on
   * @param prepared the preconditioned queries
   * @param self whether what documents score for themselves is kept
   * @param full whether all scores are kept
   */
  Artifact of(
      int[] queries,
      int[] documents,
      int[] tokens,
      ScoreSums sums,
      PreparedQueries prepared,
      List<ScoringVariant> variants,
      boolean self,
      boolean full) {
    Columns columns =
        new Columns(queries, documents, tokens, sums, prepared.squaredNorms(), variants);
    Artifact kept =
        Artifact.empty()
            .with(QUERIES, queries[0], queries[1])
            .with(DOCUMENTS, documents[0], documents[1])
            .with(DOCUMENT_NORMS, sums.squaredNorms())
            .with(RESIDUALS, prepared.residuals());
    for (int method = 0; method < shape.methods().size(); method++) {
      kept = ranked(kept, method, columns);
    }
    kept = reported(kept, columns);
    if (self) {
      kept = kept.with(SELF, sums.self());
    }
    if (!sums.linears().isEmpty()) {
      kept = kept.with(LINEARS, Matrix.of(Matrix.Type.FLOAT64, absolutes(sums.linears())));
      for (int linear = 0; full && linear < sums.linears().size(); linear++) {
        kept = kept.with(FULL + "." + linear, sums.linears().get(linear));
      }
    }
    return full ? kept.with(FULL, sums.values()) : kept;
  }

  /** The columns of a shard's scores, by method and query. */
  private static final class Columns {
    private final int[] queries;
    private final int[] documents;
    private final int[] tokens;
    private final ScoreSums sums;
    private final Matrix queryNorms;
    private final List<ScoringVariant> variants;

    Columns(
        int[] queries,
        int[] documents,
        int[] tokens,
        ScoreSums sums,
        Matrix queryNorms,
        List<ScoringVariant> variants) {
      this.queries = queries;
      this.documents = documents;
      this.tokens = tokens;
      this.sums = sums;
      this.queryNorms = queryNorms;
      this.variants = variants;
    }

    int count() {
      return queries[1] - queries[0];
    }

    /** The normalised scores of one query. */
    double[] of(Method method, int query) {
      if (method.variant().isEmpty()) {
        return sums.similarities().column(query);
      }
      int column = variants.indexOf(method.variant().get()) * count() + query;
      double queryNorm = Math.sqrt(queryNorms.get(0, column));
      double[] scores = sums.values().column(column);
      for (int d = 0; d < scores.length; d++) {
        double norm = Math.sqrt(sums.squaredNorms().get(d, 0));
        scores[d] = method.normalisation().of(scores[d], norm, queryNorm, tokens[d]);
      }
      return scores;
    }
  }

  private Artifact ranked(Artifact kept, int method, Columns columns) {
    int first = columns.documents[0];
    int depth = Math.min(shape.depth(method), columns.documents[1] - first);
    List<int[]> members = subsets.stream().map(subset -> members(subset, columns)).toList();
    double[][] scores = new double[columns.count()][depth];
    long[] documents = new long[columns.count() * depth];
    double[][] sums = new double[columns.count()][subsets.size()];
    for (int q = 0; q < columns.count(); q++) {
      double[] own = columns.of(shape.methods().get(method), q);
      Ranked top = highest(own, depth, 1);
      scores[q] = top.scores();
      place(documents, q * depth, top, first);
      for (int subset = 0; subset < subsets.size(); subset++) {
        sums[q][subset] = IntStream.of(members.get(subset)).mapToDouble(d -> own[d]).sum();
      }
    }
    String name = TOP + method;
    Artifact more =
        kept.with(name + OF_SCORES, Matrix.of(Matrix.Type.FLOAT64, scores))
            .with(name + OF_DOCUMENTS, documents);
    return subsets.isEmpty()
        ? more
        : more.with(SUBSETS + method, Matrix.of(Matrix.Type.FLOAT64, sums));
  }

  private static int[] members(BitSet subset, Columns columns) {
    int first = columns.documents[0];
    return subset.stream()
        .filter(d -> d >= first && d < columns.documents[1])
        .map(d -> d - first)
        .toArray();
  }

  /** The highest of some scores, or the lowest as they are where the sign is −1. */
  private static Ranked highest(double[] scores, int depth, int sign) {
    BoundedRanking ranking = new BoundedRanking(depth);
    for (int d = 0; d < scores.length; d++) {
      ranking.offer(d, sign * scores[d]);
    }
    return ranking.ranked();
  }

  private static void place(long[] into, int at, Ranked ranked, int first) {
    for (int rank = 0; rank < ranked.size(); rank++) {
      into[at + rank] = (long) first + ranked.documents()[rank];
    }
  }

  private Artifact reported(Artifact kept, Columns columns) {
    int first = columns.documents[0];
    int depth = Math.min(shape.depth(0), columns.documents[1] - first);
    int from = shape.firstSampled(first);
    int to = shape.firstSampled(columns.documents[1]);
    ScoreHistogram positive = ScoreHistogram.none(columns.count());
    ScoreHistogram negative = ScoreHistogram.none(columns.count());
    double[][] all = new double[columns.count()][];
    double[][] lowest = new double[columns.count()][];
    long[] documents = new long[columns.count() * depth];
    double[][] sample = new double[columns.count()][to - from];
    for (int q = 0; q < columns.count(); q++) {
      double[] own = columns.of(shape.methods().getFirst(), q);
      all[q] = own;
      for (double score : own) {
        positive.count(q, score);
        negative.count(q, -score);
      }
      Ranked bottom = highest(own, depth, -1);
      lowest[q] = bottom.scores();
      place(documents, q * depth, bottom, first);
      Arrays.setAll(sample[q], place -> own[shape.sampled(from + place) - first]);
    }
    Artifact more = positive.into(negative.into(kept, NEGATIVE), POSITIVE);
    if (shape.isWhole(columns.queries)) {
      more = ScoreMoments.of(all).into(more);
    }
    return more.with(BOTTOM + OF_SCORES, Matrix.of(Matrix.Type.FLOAT64, lowest))
        .with(BOTTOM + OF_DOCUMENTS, documents)
        .with(SAMPLE, Matrix.of(Matrix.Type.FLOAT32, sample));
  }

  /** Per linear and query the sum of absolute scores. */
  private static double[][] absolutes(List<Matrix> linears) {
    return linears.stream()
        .map(
            own ->
                IntStream.range(0, own.columns())
                    .mapToDouble(q -> Arrays.stream(own.column(q)).map(Math::abs).sum())
                    .toArray())
        .toArray(double[][]::new);
  }
}
