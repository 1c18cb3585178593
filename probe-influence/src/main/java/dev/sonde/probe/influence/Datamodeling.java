package dev.sonde.probe.influence;

import dev.sonde.probe.influence.Retraining.Choice;
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
record Datamodeling(List<int[]> subsets, List<double[]> actual) {
  /** Bootstrap draws of an interval. */
  private static final int DRAWS = 500;

  /** The fewest subsets that a rank correlation is worth computing over. */
  private static final int FEWEST = 3;

  /**
   * A mean over queries, with its interval over draws of subsets.
   *
   * @param queries over which it is the mean
   */
  record Score(double value, double low, double high, int queries) {}

  static Datamodeling of(Retrainings retrainings) {
    Map<Integer, List<Retraining>> bySubset = new TreeMap<>();
    for (Retraining each : retrainings.of(Choice.SUBSET)) {
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
  boolean suffices() {
    return subsets.size() >= FEWEST;
  }

  /**
   * The score of a way to predict.
   *
   * @param scores per query one number a document
   * @param queries the mean is over
   */
  Score score(List<double[]> scores, List<Integer> queries, RandomGenerator random) {
    List<double[]> predicted = queries.stream().map(q -> predicted(scores.get(q))).toList();
    List<double[]> found = queries.stream().map(this::actual).toList();
    int[] each = IntStream.range(0, subsets.size()).toArray();
    double[] drawn = new double[DRAWS];
    for (int draw = 0; draw < DRAWS; draw++) {
      drawn[draw] = mean(predicted, found, random.ints(each.length, 0, each.length).toArray());
    }
    double[] interval = Statistics.interval(drawn);
    return new Score(mean(predicted, found, each), interval[0], interval[1], queries.size());
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

  private static double mean(List<double[]> predicted, List<double[]> found, int[] some) {
    double[] correlations =
        IntStream.range(0, predicted.size())
            .mapToDouble(
                q -> Statistics.spearman(at(predicted.get(q), some), at(found.get(q), some)))
            .toArray();
    return Statistics.mean(correlations);
  }

  private static double[] at(double[] values, int[] places) {
    return IntStream.of(places).mapToDouble(place -> values[place]).toArray();
  }
}
