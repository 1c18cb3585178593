package dev.sonde.traps;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.report.Claim.Answer;
import dev.sonde.engine.linalg.PlainLinearAlgebra;
import dev.sonde.probe.stepimportance.learn.Features;
import dev.sonde.probe.stepimportance.learn.StepCrossValidation;
import dev.sonde.probe.stepimportance.predict.Advantages;
import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.GroupFolds;
import dev.sonde.statistics.Groups;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Whether the importance of a step can be read: activations and simpler readings are planted. */
final class StepKinds {
  private static final String CLAIM = "importance_can_be_read";
  private static final int DRAWS = 400;
  private static final int PATTERNS = 4095;
  private static final int WIDTH = 8;

  private StepKinds() {}

  /**
   * Chains of steps.
   *
   * @param chains how many
   * @param full how far important steps are shifted in activations in full context
   * @param others the same of each simpler reading
   * @param place whether the place of a step in its chain is its label
   */
  private record Chains(int chains, double full, Map<String, Double> others, boolean place) {
    Answer answer(RandomGenerator random) {
      int[] groups = Made.groups(random, chains, 4, 9);
      double[] labels = place ? places(groups, random) : Made.inside(random, groups);
      boolean[] important = new boolean[labels.length];
      for (int step = 0; step < important.length; step++) {
        important[step] = labels[step] > 0;
      }
      List<String> names = IntStream.of(groups).mapToObj(group -> "c" + group).toList();
      int[] folds = GroupFolds.blind(Groups.of(names), 5, random);
      Map<String, boolean[]> right = new LinkedHashMap<>();
      right.put(
          Advantages.FULL, right(planted(random, groups, labels, full), important, folds, random));
      others.forEach(
          (name, shift) ->
              right.put(
                  name, right(planted(random, groups, labels, shift), important, folds, random)));
      long seed = random.nextLong();
      return Advantages.of(
              right,
              names,
              new ClusterBootstrap(Groups.of(names), DRAWS, random),
              PATTERNS,
              purpose -> Traps.random(purpose, seed))
          .claim()
          .judged()
          .answer();
    }

    /** The second half of each chain is important, but for a few steps. */
    private static double[] places(int[] groups, RandomGenerator random) {
      double[] labels = new double[groups.length];
      for (int step = 0; step < labels.length; step++) {
        int own = groups[step];
        int first = step;
        while (first > 0 && groups[first - 1] == own) {
          first--;
        }
        long length = Arrays.stream(groups).filter(group -> group == own).count();
        labels[step] = 2 * (step - first) >= length ? 1 : 0;
      }
      return Made.flipped(random, labels, 0.05);
    }

    private static Matrix planted(
        RandomGenerator random, int[] groups, double[] labels, double shift) {
      Matrix matrix = Made.noise(random, groups, WIDTH, 0.5);
      Made.add(matrix, Made.direction(random, WIDTH), Made.times(shift, labels));
      return matrix;
    }

    private static boolean[] right(
        Matrix rows, boolean[] labels, int[] folds, RandomGenerator random) {
      return StepCrossValidation.right(
          new StepCrossValidation(new PlainLinearAlgebra(), random::nextLong)
              .ridge(Features.standardised(rows), labels, folds),
          labels);
    }

    Kind.Draw draw() {
      return random -> Kind.Drawn.of(answer(random));
    }
  }

  private static Map<String, Double> others(
      double context, double words, double place, double fresh) {
    Map<String, Double> others = new LinkedHashMap<>();
    others.put("no_context", context);
    others.put("tfidf", words);
    others.put("surface", place);
    others.put("random_init", fresh);
    return others;
  }

  static List<Kind> all() {
    return List.of(
        Kind.trap(
            "steps-noise",
            CLAIM,
            "activations that say nothing",
            new Chains(20, 0, others(0, 0, 0, 0), false).draw()),
        Kind.trap(
            "steps-noise-few",
            CLAIM,
            "activations that say nothing, seven chains",
            new Chains(7, 0, others(0, 0, 0, 0), false).draw()),
        Kind.trap(
            "position-is-the-label",
            CLAIM,
            "the second half of a chain is important; activations and surface know the place",
            new Chains(20, 2.5, others(0, 0, 2.5, 2.5), true).draw()),
        Kind.trap(
            "step-words-tell",
            CLAIM,
            "words tell as much as activations",
            new Chains(20, 2.5, others(2.5, 2.5, 0, 0), false).draw()),
        Kind.trap(
            "step-alone-tells",
            CLAIM,
            "activations of the step alone tell as much as those in context",
            new Chains(20, 2.5, others(2.5, 0, 0, 0), false).draw()),
        Kind.trap(
            "step-fresh-weights-tell",
            CLAIM,
            "a model with fresh weights tells as much",
            new Chains(20, 2.5, others(0, 0, 0, 2.5), false).draw()),
        Kind.effect(
            "steps-read",
            CLAIM,
            "activations in context tell, simpler readings do not",
            new Chains(20, 3, others(0, 0, 0, 0), false).draw()),
        Kind.effect(
            "steps-read-beside-words",
            CLAIM,
            "activations in context tell more than words and place do",
            new Chains(24, 3.5, others(1, 1, 0.7, 0.5), false).draw()),
        Kind.effect(
            "steps-read-beside-place",
            CLAIM,
            "the second half of a chain is important; only activations know the place",
            new Chains(20, 3, others(0, 0, 0.5, 0), true).draw()));
  }
}
