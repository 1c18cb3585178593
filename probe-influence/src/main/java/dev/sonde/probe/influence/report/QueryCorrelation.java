package dev.sonde.probe.influence.report;

import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Groups;
import java.util.ArrayList;
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
 * @param r {@code [queries][queries]}; NaN where the scores of one do not vary
 */
public record QueryCorrelation(List<String> kinds, List<String> relations, double[][] r) {
  static final String FACT = "fact";
  static final String PROCEDURE = "procedure";
  static final String CONTROL = "format_control";
  static final String SAME_PROCEDURE = "same_procedure";
  static final String CROSS_PROCEDURE = "cross_procedure";

  /**
   * The mean over some pairs.
   *
   * @param estimate its interval is from queries drawn with replacement
   * @param pairs how many
   */
  public record Mean(Estimate estimate, int pairs) {}

  /**
   * What a pair of queries has in common; empty for pairs that say nothing. A query and a control
   * of its procedure share wording and completion, but the control's is copied from its prompt.
   */
  private Optional<String> pair(int i, int j) {
    String a = kinds.get(i);
    String b = kinds.get(j);
    boolean same = relations.get(i).equals(relations.get(j));
    if (a.equals(PROCEDURE) && b.equals(PROCEDURE)) {
      return Optional.of(same ? SAME_PROCEDURE : CROSS_PROCEDURE);
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

  /** Two different queries. */
  private record Pair(int one, int other) {}

  /**
   * Means by what pairs have in common. Pairs of a query whose scores do not vary have no
   * correlation and are left out.
   */
  public Map<String, Mean> means(int draws, RandomGenerator random) {
    Map<String, List<Pair>> byCommon = new TreeMap<>();
    for (int i = 0; i < r.length; i++) {
      for (int j = 0; j < i; j++) {
        Pair both = new Pair(i, j);
        if (Double.isFinite(r[i][j])) {
          pair(i, j)
              .ifPresent(
                  common -> byCommon.computeIfAbsent(common, c -> new ArrayList<>()).add(both));
        }
      }
    }
    ClusterBootstrap bootstrap =
        new ClusterBootstrap(Groups.ofSingleRows(kinds.size()), draws, random);
    Map<String, Mean> means = new TreeMap<>();
    byCommon.forEach(
        (common, pairs) ->
            means.put(
                common,
                new Mean(bootstrap.estimate(weights -> mean(pairs, weights)), pairs.size())));
    return means;
  }

  /** The mean over pairs, each as often as both its queries were drawn. */
  private double mean(List<Pair> pairs, double[] weights) {
    double sum = 0;
    double all = 0;
    for (Pair pair : pairs) {
      double weight = weights[pair.one()] * weights[pair.other()];
      sum += weight * r[pair.one()][pair.other()];
      all += weight;
    }
    return sum / all;
  }
}
