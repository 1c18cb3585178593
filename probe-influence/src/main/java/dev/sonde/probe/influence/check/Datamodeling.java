package dev.sonde.probe.influence.check;

import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Correlation;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Groups;
import dev.sonde.statistics.Means;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The linear datamodeling score (Park et al. 2023, arXiv 2303.14186): how well the sum of the
 * scores of a subset's documents ranks subsets by what training on them makes of a query.
 *
 * @param subsets documents of each subset
 * @param actual per subset the log-probability of each query, its mean over seeds
 */
public record Datamodeling(List<int[]> subsets, List<double[]> actual) {
  /** The fewest subsets that a rank correlation is worth computing over. */
  private static final int FEWEST = 3;

  /** From retrainings on random halves, whose seeds are put together. */
  public static Datamodeling of(Retrainings retrainings) {
    Map<Integer, List<Retraining>> bySubset = new TreeMap<>();
    for (Retraining each : retrainings.of(DocumentChoice.SUBSET)) {
      bySubset.computeIfAbsent(each.number(), n -> new ArrayList<>()).add(each);
    }
    return new Datamodeling(
        bySubset.values().stream()
            .map(seeds -> seeds.getFirst().documents().stream().toArray())
            .toList(),
        bySubset.values().stream().map(Datamodeling::mean).toList());
  }

  private static double[] mean(List<Retraining> seeds) {
    return IntStream.range(0, seeds.getFirst().logP().length)
        .mapToDouble(q -> seeds.stream().mapToDouble(s -> s.logP()[q]).average().orElseThrow())
        .toArray();
  }

  /** Whether there are enough subsets. */
  public boolean suffices() {
    return subsets.size() >= FEWEST;
  }

  /**
   * The score of a way to predict, its interval over draws of subsets. A prediction that does not
   * vary counts as 0, a query whose log-probability does not vary not at all.
   *
   * @param scores per query one number a document
   * @param queries the mean is over
   */
  public Estimate score(
      List<double[]> scores, List<Integer> queries, int draws, RandomGenerator random) {
    List<Correlation> correlations = correlations(scores, queries);
    return bootstrap(draws, random).estimate(weights -> mean(correlations, weights));
  }

  /** By how much one way to predict scores more than another, on the same draws of subsets. */
  public Estimate difference(
      List<double[]> one,
      List<double[]> other,
      List<Integer> queries,
      int draws,
      RandomGenerator random) {
    List<Correlation> more = correlations(one, queries);
    List<Correlation> less = correlations(other, queries);
    return bootstrap(draws, random).estimate(weights -> mean(more, weights) - mean(less, weights));
  }

  private ClusterBootstrap bootstrap(int draws, RandomGenerator random) {
    return new ClusterBootstrap(Groups.ofSingleRows(subsets.size()), draws, random);
  }

  private List<Correlation> correlations(List<double[]> scores, List<Integer> queries) {
    return queries.stream()
        .map(query -> Correlation.ofRanks(predicted(scores.get(query)), actual(query)))
        .toList();
  }

  private static double mean(List<Correlation> correlations, double[] weights) {
    return Means.of(
        correlations.stream().mapToDouble(each -> each.ofPrediction(weights)).toArray());
  }

  /** What a query's scores predict for each subset, up to one sum for all. */
  private double[] predicted(double[] scores) {
    return subsets.stream()
        .mapToDouble(documents -> IntStream.of(documents).mapToDouble(d -> scores[d]).sum())
        .toArray();
  }

  private double[] actual(int query) {
    return actual.stream().mapToDouble(logP -> logP[query]).toArray();
  }
}
