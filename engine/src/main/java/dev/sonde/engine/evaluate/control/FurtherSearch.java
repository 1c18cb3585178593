package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.engine.evaluate.fit.Candidate;
import dev.sonde.engine.evaluate.fit.CrossValidation;
import dev.sonde.engine.evaluate.fit.HeldOutScores;
import dev.sonde.engine.evaluate.fit.Question;
import dev.sonde.statistics.Groups;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * The whole search once more, on other features of the same rows and with a test of its own: hook
 * point and decoder are chosen on inner folds, and again in each labeling, among decoders in closed
 * form.
 */
final class FurtherSearch {
  /** Partitions into folds at most: the search is the whole one once more. */
  private static final int PARTITIONS = 4;

  /** Labelings at most: as many as a p of .005 takes. */
  private static final int DRAWS = 199;

  private final EvaluationRun run;
  private final List<CrossValidation> partitions;
  private final Map<HookPoint, Matrix> sites;
  private final Map<String, Decoder> decoders;
  private final InnerChoice choice;

  /**
   * Chooses on inner folds.
   *
   * @param adjusted what is done to features on each partition
   * @param sites features per hook point
   * @param decoders see {@link #decoders}; at least one
   */
  FurtherSearch(
      EvaluationRun run,
      UnaryOperator<CrossValidation> adjusted,
      Map<HookPoint, Matrix> sites,
      Map<String, Decoder> decoders) {
    this.run = run;
    this.sites = sites;
    this.decoders = decoders;
    this.partitions = run.partitions().stream().limit(PARTITIONS).map(adjusted).toList();
    this.choice = new InnerChoice(run, Candidate.of(sites, decoders), partitions, Optional.empty());
  }

  /** The decoders in closed form that nested selection may choose from. */
  static Map<String, Decoder> decoders(EvaluationRun run) {
    Map<String, Decoder> decoders = new LinkedHashMap<>(run.candidates().closed());
    decoders.keySet().retainAll(run.candidates().choosable(run.working()));
    return decoders;
  }

  /** Those of its decoders that work, in their order. */
  List<String> among(Set<String> working) {
    return decoders.keySet().stream().filter(working::contains).toList();
  }

  /** The held-out scores of what is chosen among some decoders, one per partition. */
  List<HeldOutScores> chosen(List<String> some) {
    return choice.among(Set.copyOf(some));
  }

  /** What exchanged labels reach. */
  interface Drawn {
    /**
     * The test of some decoders.
     *
     * @param smallest the smallest p that all labelings there are can reach with so many draws
     */
    NullTest test(List<String> decoders, IntToDoubleFunction smallest);
  }

  /**
   * Fits all decoders to exchanged labels.
   *
   * @param stage names the random numbers
   * @param draw gives the labels of a labeling, one per row
   * @param question what is asked of held-out scores
   * @param inside the groups inside which rows are compared, where that is asked
   */
  Drawn drawn(
      String stage, Function<RandomGenerator, Targets> draw, Question question, Groups inside) {
    RandomGenerator random = run.seeds().random(stage);
    List<Targets> labelings = new ArrayList<>(List.of(run.targets()));
    for (int i = 0; i < Math.min(DRAWS, run.settings().permutations()); i++) {
      labelings.add(draw.apply(random));
    }
    NullDistribution drawn = new NullDistribution(partitions, labelings, inside, List.of(question));
    NullDistribution.draw(
        List.of(drawn), decoders, sites.values(), run.attempts(), run.algebra(), run.progress());
    partitions.forEach(CrossValidation::release);
    return (some, smallest) -> {
      double[] largest = drawn.largest(question, some);
      int draws = largest.length - 1;
      return new NullTest(
          some,
          largest[0],
          Arrays.copyOfRange(largest, 1, largest.length),
          smallest.applyAsDouble(draws));
    };
  }
}
