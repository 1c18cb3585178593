package dev.sonde.probe.influence.score;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.Artifact;
import dev.sonde.probe.influence.read.FloatMatrices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Puts what is kept of each shard together. It holds what {@link SummaryShape} says and a number or
 * two a document, however many shards there are.
 */
final class SummaryMerge {
  private final SummaryShape shape;
  private final List<ScoringVariant> variants;
  private final BoundedRanking[][] tops;
  private final BoundedRanking[] bottoms;
  private final double[][][] sums;
  private final ScoreHistogram positive;
  private final ScoreHistogram negative;
  private final Matrix sample;
  private final double[] documentNorms;
  private final double[] self;
  private final double[][] linears;
  private final double[][] residuals;
  private final List<FullScores.Shard> full = new ArrayList<>();
  private Optional<ScoreMoments> moments = Optional.empty();

  /**
   * Of no shards yet.
   *
   * @param linears whose parts are told apart; 0 where they are not
   * @param self whether there is what documents score for themselves
   */
  SummaryMerge(SummaryShape shape, List<ScoringVariant> variants, int linears, boolean self) {
    this.shape = shape;
    this.variants = variants;
    int queries = shape.queries();
    this.tops =
        IntStream.range(0, shape.methods().size())
            .mapToObj(method -> rankings(queries, shape.depth(method)))
            .toArray(BoundedRanking[][]::new);
    this.bottoms = rankings(queries, shape.depth(0));
    this.sums = new double[shape.methods().size()][queries][shape.subsets()];
    this.positive = ScoreHistogram.none(queries);
    this.negative = ScoreHistogram.none(queries);
    this.sample = FloatMatrices.zeros(queries, shape.sample());
    this.documentNorms = new double[shape.documents()];
    this.self = new double[self ? shape.documents() : 0];
    this.linears = new double[linears][queries];
    this.residuals = new double[variants.size()][queries];
  }

  private static BoundedRanking[] rankings(int queries, int depth) {
    return Stream.generate(() -> new BoundedRanking(depth))
        .limit(queries)
        .toArray(BoundedRanking[]::new);
  }

  /** Numbers held, but for a number a document. */
  long held() {
    long rooms =
        Stream.concat(Arrays.stream(tops), Stream.<BoundedRanking[]>of(bottoms))
            .flatMap(Arrays::stream)
            .mapToLong(ranking -> 2L * ranking.room())
            .sum();
    long subsets = (long) tops.length * shape.queries() * shape.subsets();
    long pairs = (long) shape.queries() * shape.queries();
    return rooms
        + subsets
        + pairs
        + FloatMatrices.count(sample)
        + 2L * shape.queries() * ScoreHistogram.held();
  }

  /** Adds a shard; shards may come in any order. */
  void add(Artifact shard) {
    int[] range = ShardSummary.range(shard, ShardSummary.QUERIES);
    int[] documents = ShardSummary.range(shard, ShardSummary.DOCUMENTS);
    for (int method = 0; method < tops.length; method++) {
      offer(shard, ShardSummary.TOP + method, range[0], tops[method]);
      if (shape.subsets() > 0) {
        add(shard.tensor(ShardSummary.SUBSETS + method), sums[method], range[0]);
      }
    }
    offer(shard, ShardSummary.BOTTOM, range[0], bottoms);
    positive.add(shard, ShardSummary.POSITIVE, range[0]);
    negative.add(shard, ShardSummary.NEGATIVE, range[0]);
    if (shape.isWhole(range)) {
      ScoreMoments own = ScoreMoments.in(shard);
      moments.ifPresentOrElse(all -> all.add(own), () -> moments = Optional.of(own));
    }
    Matrix some = shard.tensor(ShardSummary.SAMPLE);
    int from = shape.firstSampled(documents[0]);
    for (int q = 0; q < some.rows(); q++) {
      for (int place = 0; place < some.columns(); place++) {
        sample.set(range[0] + q, from + place, some.get(q, place));
      }
    }
    if (linears.length > 0) {
      Matrix own = shard.tensor(ShardSummary.LINEARS);
      for (int linear = 0; linear < linears.length; linear++) {
        for (int q = 0; q < own.columns(); q++) {
          linears[linear][range[0] + q] += own.get(linear, q);
        }
      }
    }
    ofQueries(shard, range);
    ofDocuments(shard, documents);
    if (shard.tensors().containsKey(ShardSummary.FULL)) {
      full.add(new FullScores.Shard(range, documents, shard));
    }
  }

  private void ofQueries(Artifact shard, int[] range) {
    Matrix own = shard.tensor(ShardSummary.RESIDUALS);
    int some = range[1] - range[0];
    for (int v = 0; v < residuals.length; v++) {
      for (int q = 0; q < some; q++) {
        residuals[v][range[0] + q] = own.get(0, v * some + q);
      }
    }
  }

  private void ofDocuments(Artifact shard, int[] documents) {
    Matrix norms = shard.tensor(ShardSummary.DOCUMENT_NORMS);
    for (int d = 0; d < norms.rows(); d++) {
      documentNorms[documents[0] + d] = Math.sqrt(norms.get(d, 0));
      if (self.length > 0) {
        self[documents[0] + d] = shard.tensor(ShardSummary.SELF).get(d, 0);
      }
    }
  }

  private static void offer(Artifact shard, String name, int first, BoundedRanking[] rankings) {
    Matrix scores = shard.tensor(name + ShardSummary.OF_SCORES);
    long[] documents = shard.integers(name + ShardSummary.OF_DOCUMENTS);
    for (int q = 0; q < scores.rows(); q++) {
      double[] own = scores.row(q);
      for (int rank = 0; rank < own.length; rank++) {
        rankings[first + q].offer((int) documents[q * own.length + rank], own[rank]);
      }
    }
  }

  private static void add(Matrix more, double[][] to, int first) {
    for (int q = 0; q < more.rows(); q++) {
      double[] row = more.row(q);
      for (int i = 0; i < row.length; i++) {
        to[first + q][i] += row[i];
      }
    }
  }

  /**
   * What all shards amount to.
   *
   * @param units how scores are reported
   */
  InfluenceScores scores(ScoreUnits units) {
    List<Rankings> rankings = new ArrayList<>();
    for (int method = 0; method < tops.length; method++) {
      Method own = shape.methods().get(method);
      rankings.add(new Rankings(own, ranked(tops[method], units.of(own)), sums[method]));
    }
    double[] down = Arrays.stream(units.of(shape.methods().getFirst())).map(f -> -f).toArray();
    Rankings bottom = new Rankings(shape.methods().getFirst(), ranked(bottoms, down), sums[0]);
    return new InfluenceScores(
        rankings,
        bottom,
        moments.map(ScoreMoments::correlations),
        new InfluenceScores.Sizes(positive, negative),
        sample,
        documentNorms,
        units,
        self,
        linears,
        residuals,
        new FullScores(variants, shape.queries(), shape.documents(), full));
  }

  private static List<Ranked> ranked(BoundedRanking[] rankings, double[] factors) {
    return IntStream.range(0, rankings.length)
        .mapToObj(q -> rankings[q].ranked().scaled(factors[q]))
        .toList();
  }
}
