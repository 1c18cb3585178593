package dev.sonde.probe.influence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * How alike the rankings of queries are: Pearson's r of their scores over all documents, pair by
 * pair (Ruis et al. 2025, section 4.1).
 *
 * @param kinds of the queries; empty text where they have none
 * @param relations what they ask; empty text where it is not said
 * @param r {@code [queries][queries]}
 */
record QueryCorrelation(List<String> kinds, List<String> relations, double[][] r) {
  static final String FACT = "fact";
  static final String PROCEDURE = "procedure";
  static final String CONTROL = "format_control";

  private static final int DRAWS = 1000;

  /**
   * The mean over some pairs.
   *
   * @param low end of a 95 % interval from queries drawn with replacement
   * @param high its other end
   * @param pairs how many
   */
  record Mean(double value, double low, double high, int pairs) {}

  static QueryCorrelation of(List<String> kinds, List<String> relations, List<double[]> scores) {
    List<double[]> standard = scores.stream().map(Statistics::standard).toList();
    double[][] r = new double[scores.size()][scores.size()];
    for (int i = 0; i < r.length; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = 0;
        double[] a = standard.get(i);
        double[] b = standard.get(j);
        for (int d = 0; d < a.length; d++) {
          sum += a[d] * b[d];
        }
        r[i][j] = sum;
        r[j][i] = sum;
      }
    }
    return new QueryCorrelation(kinds, relations, r);
  }

  /**
   * What a pair of queries has in common; empty for pairs that say nothing. A query and a control
   * of its procedure share wording and completion, but the control's is copied from its prompt.
   */
  private Optional<String> pair(int i, int j) {
    String a = kinds.get(i);
    String b = kinds.get(j);
    boolean same = relations.get(i).equals(relations.get(j));
    if (a.equals(PROCEDURE) && b.equals(PROCEDURE)) {
      return Optional.of(same ? "same_procedure" : "cross_procedure");
    }
    if (a.equals(CONTROL) && b.equals(CONTROL)) {
      return same ? Optional.of("controls_of_one_procedure") : Optional.empty();
    }
    if (a.equals(b)) {
      return Optional.of(a.isEmpty() ? "all" : a);
    }
    List<String> both = List.of(a, b);
    if (both.contains(PROCEDURE) && both.contains(CONTROL)) {
      return same ? Optional.of(CONTROL) : Optional.empty();
    }
    return both.contains(PROCEDURE) && both.contains(FACT)
        ? Optional.of("fact_and_procedure")
        : Optional.empty();
  }

  /** Means by what pairs have in common. */
  Map<String, Mean> means(RandomGenerator random) {
    int[] once = new int[kinds.size()];
    Arrays.fill(once, 1);
    Map<String, double[]> found = sums(once);
    Map<String, List<Double>> drawn = new TreeMap<>();
    for (int draw = 0; draw < DRAWS; draw++) {
      int[] times = new int[kinds.size()];
      for (int i = 0; i < times.length; i++) {
        times[random.nextInt(times.length)]++;
      }
      sums(times)
          .forEach(
              (pair, sum) ->
                  drawn.computeIfAbsent(pair, p -> new ArrayList<>()).add(sum[0] / sum[1]));
    }
    Map<String, Mean> means = new TreeMap<>();
    found.forEach(
        (pair, sum) -> {
          double[] values =
              drawn.getOrDefault(pair, List.of()).stream()
                  .mapToDouble(Double::doubleValue)
                  .sorted()
                  .toArray();
          means.put(
              pair, new Mean(sum[0] / sum[1], at(values, 0.025), at(values, 0.975), (int) sum[1]));
        });
    return means;
  }

  private static double at(double[] ascending, double share) {
    return ascending.length == 0
        ? Double.NaN
        : ascending[(int) Math.round(share * (ascending.length - 1))];
  }

  /** Sum and weight of the pairs of different queries, each as often as both were drawn. */
  private Map<String, double[]> sums(int[] times) {
    Map<String, double[]> sums = new TreeMap<>();
    for (int i = 0; i < r.length; i++) {
      for (int j = 0; j < i; j++) {
        int weight = times[i] * times[j];
        if (weight > 0) {
          double value = r[i][j];
          pair(i, j)
              .ifPresent(
                  pair -> {
                    double[] sum = sums.computeIfAbsent(pair, p -> new double[2]);
                    sum[0] += weight * value;
                    sum[1] += weight;
                  });
        }
      }
    }
    return sums;
  }
}
