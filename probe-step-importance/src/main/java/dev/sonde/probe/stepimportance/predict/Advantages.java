package dev.sonde.probe.stepimportance.predict;

import dev.sonde.api.report.ClaimEvidence;
import dev.sonde.api.report.Metric;
import dev.sonde.probe.stepimportance.learn.StepCrossValidation;
import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Groups;
import dev.sonde.statistics.PValues;
import dev.sonde.statistics.SignFlips;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * By how much activations in full context tell steps better apart than each simpler reading.
 *
 * @param metrics differences and their corrected p
 * @param claim what is known of the question whether importance can be read
 */
public record Advantages(List<Metric> metrics, ClaimEvidence claim) {
  /** The name of activations in full context. */
  public static final String FULL = "full_context";

  /** The share of steps that guessing tells apart. */
  private static final double CHANCE = 0.5;

  /**
   * Compares them.
   *
   * @param right by name of a reading, which steps it puts on their label's side on the grouped
   *     split; {@link #FULL} among them
   * @param chains the chain of each step
   * @param bootstrap draws of chains
   * @param draws most patterns of signs
   * @param random numbers of a purpose
   */
  public static Advantages of(
      Map<String, boolean[]> right,
      List<String> chains,
      ClusterBootstrap bootstrap,
      int draws,
      Function<String, RandomGenerator> random) {
    double[] full = StepCrossValidation.share(Objects.requireNonNull(right.get(FULL)));
    List<String> others = right.keySet().stream().filter(name -> !name.equals(FULL)).toList();
    Groups groups = Groups.of(chains);
    List<Metric> metrics = new ArrayList<>();
    SignFlips[] tests = new SignFlips[others.size()];
    ClaimEvidence claim =
        asked()
            .above(
                "steps told apart",
                figure("probe.accuracy", bootstrap.mean(full)),
                CHANCE,
                "chance");
    for (int i = 0; i < tests.length; i++) {
      String other = others.get(i);
      double[] less = StepCrossValidation.share(Objects.requireNonNull(right.get(other)));
      double[] differences = full.clone();
      Arrays.setAll(differences, row -> differences[row] - less[row]);
      tests[i] = SignFlips.of(differences, groups, draws, random.apply("signs/" + other));
      Metric advantage =
          figure("probe.advantage", bootstrap.mean(differences))
              .where("over", other)
              .where("split", "grouped");
      metrics.add(advantage.n(full.length));
      claim =
          claim.rival(
              other.replace('_', ' '), figure("probe.accuracy", bootstrap.mean(less)), advantage);
    }
    double[] corrected = PValues.holm(Arrays.stream(tests).mapToDouble(SignFlips::p).toArray());
    for (int i = 0; i < tests.length; i++) {
      metrics.add(
          Metric.of("probe.p", corrected[i])
              .where("over", others.get(i))
              .where("split", "grouped")
              .where("correction", "holm")
              .where("draws", tests[i].patterns())
              .n(full.length));
    }
    return new Advantages(
        List.copyOf(metrics), tests.length == 0 ? claim : tested(claim, tests, corrected));
  }

  /** The question alone. */
  static ClaimEvidence asked() {
    return ClaimEvidence.of(
        "importance_can_be_read",
        "Can the importance of a step be read off the activations, better than from its words, its place and each simpler reading?");
  }

  private static ClaimEvidence tested(ClaimEvidence claim, SignFlips[] tests, double[] corrected) {
    int patterns = Arrays.stream(tests).mapToInt(SignFlips::patterns).min().orElseThrow();
    return claim.tested(
        "exchanged signs of whole chains, the largest of %d, corrected".formatted(tests.length),
        Arrays.stream(corrected).max().orElseThrow(),
        Math.min(1, tests.length / (1.0 + patterns)));
  }

  private static Metric figure(String name, Estimate estimate) {
    return Metric.of(name, estimate.value()).interval(estimate.low(), estimate.high());
  }
}
