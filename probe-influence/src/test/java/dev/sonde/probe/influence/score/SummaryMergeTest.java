package dev.sonde.probe.influence.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.probe.influence.curvature.Strategy;
import dev.sonde.probe.influence.read.FloatMatrices;
import dev.sonde.statistics.Correlation;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is held of the scores of many documents is what all scores would give. */
class SummaryMergeTest {
  private static final int QUERIES = 3;
  private static final int DEPTH = 50;
  private static final ScoringVariant VARIANT = new ScoringVariant(Strategy.EKFAC, 0.1);
  private static final List<Method> METHODS =
      List.of(
          Method.of(VARIANT, Normalisation.GRAD_NORM),
          Method.of(VARIANT, Normalisation.NONE),
          Method.SIMILARITY);

  private static SummaryShape shape(int documents) {
    return new SummaryShape(METHODS, QUERIES, documents, DEPTH, DEPTH / 2, 2);
  }

  private static List<BitSet> subsets(int documents) {
    Random random = new Random(3);
    return IntStream.range(0, 2)
        .mapToObj(
            any -> {
              BitSet half = new BitSet();
              IntStream.range(0, documents).filter(d -> random.nextBoolean()).forEach(half::set);
              return half;
            })
        .toList();
  }

  /** Scores that follow from the document, so that shards of any size see the same. */
  private static double score(int query, int document) {
    Random random = new Random(31L * document + query);
    random.nextInt();
    return (float) (random.nextGaussian() * (query + 1) + Math.sin(document) * 2);
  }

  private static double norm(int document) {
    return 1 + document % 7;
  }

  private static ScoreSums sums(int from, int to) {
    ScoreSums sums = ScoreSums.none(to - from, QUERIES, 0, QUERIES);
    for (int d = from; d < to; d++) {
      sums.squaredNorms().set(d - from, 0, norm(d) * norm(d));
      for (int q = 0; q < QUERIES; q++) {
        sums.values().set(d - from, q, score(q, d));
        sums.similarities().set(d - from, q, Math.cos(score(q, d)));
      }
    }
    return sums;
  }

  private static SummaryMerge merged(int documents, int shard) {
    Matrix norms = FloatMatrices.zeros(1, QUERIES);
    ShardSummary summary = new ShardSummary(shape(documents), subsets(documents));
    SummaryMerge merge = new SummaryMerge(shape(documents), List.of(VARIANT), 0, false);
    for (int from = 0; from < documents; from += shard) {
      int to = Math.min(from + shard, documents);
      merge.add(
          summary.of(
              new int[] {0, QUERIES},
              new int[] {from, to},
              new int[to - from],
              sums(from, to),
              new PreparedQueries(new FullRank(List.of(norms), 1), norms, norms),
              List.of(VARIANT),
              false,
              false));
    }
    return merge;
  }

  private static InfluenceScores scores(int documents, int shard) {
    return merged(documents, shard).scores(new ScoreUnits(new double[] {1, 1, 1}, 1));
  }

  private static double[] all(int query, int documents) {
    return IntStream.range(0, documents).mapToDouble(d -> score(query, d) / norm(d)).toArray();
  }

  @Test
  void theHighestAndLowestOfTwentyThousandAreThoseOfAFullSort() {
    int documents = 20_000;
    InfluenceScores held = scores(documents, 1234);
    for (int q = 0; q < QUERIES; q++) {
      Ranked exact = Ranked.of(all(q, documents));
      assertThat(held.first().of(q).documents()).containsExactly(exact.top(DEPTH));
      assertThat(held.first().of(q).scores()).containsExactly(Arrays.copyOf(exact.scores(), DEPTH));
      int[] lowest = new int[DEPTH];
      Arrays.setAll(lowest, rank -> exact.documents()[documents - 1 - rank]);
      assertThat(held.bottom().of(q).documents()).containsExactly(lowest);
      assertThat(held.bottom().of(q).scores()[0]).isEqualTo(exact.scores()[documents - 1]);
    }
    assertThat(held.rankings().get(2).of(0).size()).isEqualTo(DEPTH / 2);
  }

  @Test
  void correlationsSumsAndSizesAreThoseOfAllScores() {
    int documents = 3000;
    InfluenceScores held = scores(documents, 700);
    List<double[]> columns = IntStream.range(0, QUERIES).mapToObj(q -> all(q, documents)).toList();
    double[][] r = Correlation.pearson(columns);
    for (int q = 0; q < QUERIES; q++) {
      assertThat(held.correlation()[q]).containsExactly(r[q], within(1e-9));
      double[] own = columns.get(q);
      double positive = Arrays.stream(own).filter(s -> s > 0).sum();
      assertThat(held.positive(q)).isEqualTo(Arrays.stream(own).filter(s -> s > 0).count());
      assertThat(held.positiveSum(q, 1)).isCloseTo(positive, within(1e-9 * positive));
      double fifth = Arrays.stream(Ranked.of(own).scores()).limit((held.positive(q) + 4) / 5).sum();
      assertThat(held.positiveSum(q, 0.2)).isCloseTo(fifth, within(0.02 * fifth));
      double negative = -Arrays.stream(own).filter(s -> s < 0).sum();
      assertThat(held.negativeSum(q, 1)).isCloseTo(negative, within(1e-9 * negative));
      for (int subset = 0; subset < 2; subset++) {
        double sum = subsets(documents).get(subset).stream().mapToDouble(d -> own[d]).sum();
        assertThat(held.first().sums()[q][subset]).isCloseTo(sum, within(1e-6));
      }
    }
    assertThat(held.sample().columns()).isEqualTo(documents);
    assertThat(held.sample().get(1, 17)).isCloseTo(columns.get(1)[17], within(1e-6));
  }

  @Test
  void shardsOfAnySizeHoldTheSame() {
    InfluenceScores one = scores(2000, 2000);
    InfluenceScores many = scores(2000, 77);
    for (int method = 0; method < METHODS.size(); method++) {
      for (int q = 0; q < QUERIES; q++) {
        assertThat(many.rankings().get(method).of(q).documents())
            .containsExactly(one.rankings().get(method).of(q).documents());
      }
    }
    assertThat(Arrays.equals(many.documentNorms(), one.documentNorms())).isTrue();
  }

  @Test
  void whatIsHeldDoesNotGrowWithTheDocuments() {
    long held = merged(12_000, 3000).held();
    assertThat(merged(40_000, 3000).held()).isEqualTo(held);
    assertThat(held).isLessThanOrEqualTo(shape(12_000).values());
    assertThat(shape(1_000_000).values()).isEqualTo(shape(12_000).values());
  }

  @Test
  void ofEqualScoresTheEarlierDocumentIsHeld() {
    BoundedRanking ranking = new BoundedRanking(2);
    for (int d = 5; d >= 0; d--) {
      ranking.offer(d, d == 3 ? 1 : 0);
    }
    assertThat(ranking.ranked().documents()).containsExactly(3, 0);
    BoundedRanking none = new BoundedRanking(0);
    none.offer(1, 1);
    assertThat(none.ranked().size()).isZero();
  }
}
