package dev.sonde.probe.influence.check;

import dev.sonde.statistics.Correlation;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The linear datamodeling score (Park et al. 2023, arXiv 2303.14186): how well the sum of the
 * scores of a subset's documents ranks subsets by what training on them makes of a query. Intervals
 * are over subsets and queries, both drawn with replacement, the same draws for every figure.
 */
public final class Datamodeling {
  /** The fewest subsets that a rank correlation is worth computing over. */
  private static final int FEWEST = 3;

  private final double[][] actual;
  private final double[][][] bySeed;
  private final double[][] ofSubsets;
  private final double[][] ofQueries;

  /**
   * Correlations of each query over draws of subsets, the subsets as they are first.
   *
   * @param ofDraws {@code [1 + draws][queries]}
   */
  public record Predicted(double[][] ofDraws) {}

  /**
   * From what training gave.
   *
   * @param bySeed log-probability by seed, query and subset
   * @param draws of subsets and queries
   */
  public Datamodeling(double[][][] bySeed, int draws, RandomGenerator random) {
    this.bySeed = bySeed;
    int queries = bySeed[0].length;
    int subsets = bySeed[0][0].length;
    this.actual = new double[queries][subsets];
    for (double[][] seed : bySeed) {
      for (int q = 0; q < queries; q++) {
        for (int subset = 0; subset < subsets; subset++) {
          actual[q][subset] += seed[q][subset] / bySeed.length;
        }
      }
    }
    this.ofSubsets = weights(draws, subsets, random);
    this.ofQueries = weights(draws, queries, random);
  }

  /** How often each is drawn; first each once. */
  private static double[][] weights(int draws, int count, RandomGenerator random) {
    double[][] weights = new double[1 + draws][count];
    Arrays.fill(weights[0], 1);
    for (int draw = 1; draw <= draws; draw++) {
      for (int i = 0; i < count; i++) {
        weights[draw][random.nextInt(count)]++;
      }
    }
    return weights;
  }

  /** From retrainings on random halves, in the order of their numbers. */
  public static Datamodeling of(Retrainings retrainings, int draws, RandomGenerator random) {
    Map<Integer, List<Retraining>> bySubset = new TreeMap<>();
    for (Retraining each : retrainings.of(DocumentChoice.SUBSET)) {
      bySubset.computeIfAbsent(each.number(), n -> new ArrayList<>()).add(each);
    }
    List<List<Retraining>> subsets = List.copyOf(bySubset.values());
    int seeds = subsets.stream().mapToInt(List::size).min().orElse(0);
    int queries = subsets.isEmpty() ? 0 : subsets.getFirst().getFirst().logP().length;
    double[][][] bySeed = new double[Math.max(1, seeds)][queries][subsets.size()];
    for (int seed = 0; seed < seeds; seed++) {
      for (int q = 0; q < queries; q++) {
        for (int subset = 0; subset < subsets.size(); subset++) {
          bySeed[seed][q][subset] = subsets.get(subset).get(seed).logP()[q];
        }
      }
    }
    return new Datamodeling(queries == 0 ? new double[1][1][0] : bySeed, draws, random);
  }

  /** How many subsets there are. */
  public int subsets() {
    return actual[0].length;
  }

  /** Whether there are enough subsets. */
  public boolean suffices() {
    return subsets() >= FEWEST;
  }

  /**
   * How well predictions rank the subsets. One that does not vary counts as 0, a query whose
   * log-probability does not vary not at all.
   *
   * @param sums per query and subset the sum of the scores of its documents, up to one factor
   */
  public Predicted predicted(double[][] sums) {
    List<Correlation> correlations =
        IntStream.range(0, actual.length)
            .mapToObj(query -> Correlation.ofRanks(sums[query], actual[query]))
            .toList();
    return new Predicted(
        Arrays.stream(ofSubsets)
            .parallel()
            .map(
                weights ->
                    correlations.stream().mapToDouble(c -> c.ofPrediction(weights)).toArray())
            .toArray(double[][]::new));
  }

  /** The mean over some queries. */
  public Estimate score(Predicted predicted, List<Integer> queries) {
    return estimate(draw -> mean(predicted.ofDraws[draw], queries, ofQueries[draw]));
  }

  /** By how much one way to predict scores more than another, on the same draws. */
  public Estimate difference(Predicted one, Predicted other, List<Integer> queries) {
    double[][] apart = new double[one.ofDraws.length][];
    for (int draw = 0; draw < apart.length; draw++) {
      double[] less = other.ofDraws[draw];
      apart[draw] = one.ofDraws[draw].clone();
      for (int q = 0; q < less.length; q++) {
        apart[draw][q] -= less[q];
      }
    }
    return estimate(draw -> mean(apart[draw], queries, ofQueries[draw]));
  }

  /**
   * What a perfect prediction would reach, as training again has noise of its own: the root of the
   * reliability of the mean over seeds, which follows from the correlation of one seed with another
   * (Spearman and Brown). NaN with one seed.
   */
  public Estimate ceiling(List<Integer> queries) {
    int seeds = bySeed.length;
    List<double[][]> pairs = new ArrayList<>();
    for (int one = 0; one < seeds; one++) {
      for (int other = 0; other < one; other++) {
        pairs.add(correlations(bySeed[one], bySeed[other]));
      }
    }
    if (pairs.isEmpty()) {
      return new Estimate(Double.NaN, Interval.NONE);
    }
    return estimate(
        draw -> {
          double r =
              pairs.stream()
                  .mapToDouble(pair -> mean(pair[draw], queries, ofQueries[draw]))
                  .average()
                  .orElseThrow();
          return r <= 0 ? 0 : Math.sqrt(seeds * r / (1 + (seeds - 1) * r));
        });
  }

  private double[][] correlations(double[][] one, double[][] other) {
    List<Correlation> correlations =
        IntStream.range(0, one.length)
            .mapToObj(query -> Correlation.ofRanks(one[query], other[query]))
            .toList();
    return Arrays.stream(ofSubsets)
        .parallel()
        .map(weights -> correlations.stream().mapToDouble(c -> c.of(weights)).toArray())
        .toArray(double[][]::new);
  }

  /** The mean of what is a number, each query as often as it was drawn. */
  private static double mean(double[] values, List<Integer> queries, double[] weights) {
    double sum = 0;
    double all = 0;
    for (int query : queries) {
      if (Double.isFinite(values[query])) {
        sum += weights[query] * values[query];
        all += weights[query];
      }
    }
    return sum / all;
  }

  private Estimate estimate(IntToDoubleFunction ofDraw) {
    double[] drawn = IntStream.range(1, ofSubsets.length).mapToDouble(ofDraw).toArray();
    return new Estimate(ofDraw.applyAsDouble(0), Interval.ofDraws(drawn));
  }
}
