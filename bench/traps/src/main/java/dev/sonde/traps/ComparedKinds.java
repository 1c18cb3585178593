package dev.sonde.traps;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.report.Claim.Answer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.random.RandomGenerator;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Whether a probe is as good on a further model: scores of known AUROC, flags and answers that
 * change at a known rate. Where something is lost by the limit, the truth is the limit itself.
 */
final class ComparedKinds {
  private static final String SEPARATES = "separates_on_N_MODEL";
  private static final String HOLDS = "holds_rate_on_N_MODEL";
  private static final String ANSWERS = "answers_as_N_MODEL";

  /** The largest loss that a yes allows: the default of {@code compare_loss}. */
  private static final double LIMIT = 0.05;

  /** The share of negative rows above the threshold, at most. */
  private static final double FLAGGED = 0.05;

  /** Rows of a group have a third of their variance in common. */
  private static final double SHARED = 0.7;

  private static final double VARIANCE = 1 + SHARED * SHARED;

  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  /** A score that lies above every threshold. */
  private static final double FAR = 100;

  private ComparedKinds() {}

  static List<Kind> all() {
    return List.of(
        Kind.trap(
            "separates-less-by-the-limit",
            SEPARATES,
            "AUROC falls from 0.88 by 0.05, 80 groups",
            random -> new Planted(random, 80, 3, 2).loses(LIMIT)),
        Kind.trap(
            "separates-less-near-the-ceiling",
            SEPARATES,
            "AUROC falls from 0.98 by 0.05, 80 groups",
            random -> new Planted(random, 80, 3, 3.5).loses(LIMIT)),
        Kind.trap(
            "separates-less-in-some-groups",
            SEPARATES,
            "AUROC falls from 0.88 by 0.05, as scores of some groups are turned around, 80 groups",
            random -> new Planted(random, 80, 3, 2).turns(LIMIT)),
        Kind.trap(
            "separates-less-in-few-groups",
            SEPARATES,
            "AUROC falls from 0.88 by 0.05, as scores of some of 16 groups are turned around",
            random -> new Planted(random, 16, 4, 2).turns(LIMIT)),
        Kind.trap(
            "separates-less",
            SEPARATES,
            "AUROC falls from 0.88 by 0.15, 20 groups",
            random -> new Planted(random, 20, 3, 2).loses(3 * LIMIT)),
        Kind.trap(
            "separates-no-more",
            SEPARATES,
            "scores of noise on the further model",
            random -> {
              Planted planted = new Planted(random, 40, 3, 2);
              double[] noise = Made.gaussians(random, planted.labels.length);
              return planted.says(SEPARATES, row -> noise[row]);
            }),
        Kind.effect(
            "separates-as-well",
            SEPARATES,
            "scores that are nearly the same, 80 groups",
            random -> new Planted(random, 80, 3, 2).loses(0.001)),
        Kind.effect(
            "separates-nearly-as-well",
            SEPARATES,
            "AUROC falls from 0.88 by 0.01, 80 groups",
            random -> new Planted(random, 80, 3, 2).loses(0.01)),
        Kind.trap(
            "rate-rises-by-the-limit",
            HOLDS,
            "0.05 of negative rows are flagged anew, 160 groups",
            random -> new Planted(random, 160, 3, 2).flags(LIMIT, false)),
        Kind.trap(
            "rate-rises-in-whole-groups",
            HOLDS,
            "all rows of 0.05 of the groups are flagged anew, 160 groups",
            random -> new Planted(random, 160, 3, 2).flags(LIMIT, true)),
        Kind.trap(
            "rate-rises-with-all-scores",
            HOLDS,
            "all scores rise so that 0.05 more of negative rows are flagged, 160 groups",
            random -> {
              Planted planted = new Planted(random, 160, 3, 2);
              double before = 0.9 * FLAGGED; // a threshold of few rows lets less through than asked
              double by = above(before) - above(before + LIMIT);
              return planted.says(HOLDS, row -> planted.scores[row] + by);
            }),
        Kind.trap(
            "rate-rises",
            HOLDS,
            "0.3 of negative rows are flagged anew, 30 groups",
            random -> new Planted(random, 30, 3, 2).flags(6 * LIMIT, false)),
        Kind.effect(
            "rate-holds",
            HOLDS,
            "scores that are nearly the same, 160 groups",
            random -> new Planted(random, 160, 3, 2).shakes(0.02)),
        Kind.effect(
            "rate-falls",
            HOLDS,
            "all scores fall, 160 groups",
            random -> {
              Planted planted = new Planted(random, 160, 3, 2);
              return planted.says(HOLDS, row -> planted.scores[row] - 1);
            }),
        Kind.trap(
            "answers-flip-by-the-limit",
            ANSWERS,
            "0.05 of rows are answered otherwise, 80 groups",
            random -> answers(random, 80, 3, LIMIT, false)),
        Kind.trap(
            "answers-flip-in-whole-groups",
            ANSWERS,
            "all rows of 0.05 of the groups are answered otherwise, 80 groups",
            random -> answers(random, 80, 3, LIMIT, true)),
        Kind.trap(
            "answers-flip-few-rows",
            ANSWERS,
            "0.05 of rows are answered otherwise, 20 rows",
            random -> answers(random, 20, 1, LIMIT, false)),
        Kind.trap(
            "answers-flip",
            ANSWERS,
            "0.2 of rows are answered otherwise, 30 groups",
            random -> answers(random, 30, 3, 4 * LIMIT, false)),
        Kind.effect(
            "answers-hold",
            ANSWERS,
            "rows are answered alike, 100 groups",
            random -> answers(random, 100, 2, 0, false)),
        Kind.effect(
            "answers-nearly-hold",
            ANSWERS,
            "0.005 of rows are answered otherwise, 150 groups",
            random -> answers(random, 150, 2, 0.005, false)));
  }

  /** What a standard normal score exceeds in so many cases, in units of planted scores. */
  private static double above(double share) {
    return NORMAL.inverseSurvivalProbability(share) * Math.sqrt(VARIANCE);
  }

  /** Answers of yes and no, of which some are others on the further model. */
  private static Kind.Drawn answers(
      RandomGenerator random, int groups, int size, double share, boolean whole) {
    Planted planted = new Planted(random, groups, size, 2);
    boolean[] hit = hit(random, planted.groups, share, whole);
    double[] sure = Made.gaussians(random, hit.length);
    return planted.says(
        ANSWERS,
        row -> planted.scores[row],
        SteeredModel.answering(row -> sure[row]),
        SteeredModel.answering(row -> hit[row] ? -sure[row] : sure[row]),
        Map.of("compare_answers", true));
  }

  private static boolean[] hit(RandomGenerator random, int[] groups, double share, boolean whole) {
    double[] ofGroup = Made.perRow(groups, group -> random.nextDouble());
    boolean[] hit = new boolean[groups.length];
    for (int row = 0; row < hit.length; row++) {
      hit[row] = (whole ? ofGroup[row] : random.nextDouble()) < share;
    }
    return hit;
  }

  /** Scores of groups with one label each: what a group shares, noise, and a shift. */
  private static final class Planted {
    private final RandomGenerator random;
    private final int[] groups;
    private final double[] labels;
    private final double[] scores;
    private final double shift;

    Planted(RandomGenerator random, int count, int size, double shift) {
      this.random = random;
      this.groups = Made.groups(count, size);
      this.labels = Made.ofGroups(random, groups, 0.5);
      this.shift = shift;
      this.scores = Made.sum(1, Made.gaussians(random, groups.length), shift, labels);
      double[] shared = Made.perRow(groups, group -> SHARED * random.nextGaussian());
      Arrays.setAll(scores, row -> scores[row] + shared[row]);
    }

    private double auroc() {
      return NORMAL.cumulativeProbability(shift / Math.sqrt(2 * VARIANCE));
    }

    /** Noise that takes so much of the AUROC. */
    Kind.Drawn loses(double loss) {
      double reached = NORMAL.inverseCumulativeProbability(auroc() - loss);
      return shaken(SEPARATES, Math.sqrt(square(shift / reached) / 2 - VARIANCE));
    }

    /** Scores of some groups, turned around between the classes, take so much of it. */
    Kind.Drawn turns(double loss) {
      boolean[] hit = hit(random, groups, loss / (2 * auroc() - 1), true);
      return says(SEPARATES, row -> hit[row] ? shift - scores[row] : scores[row]);
    }

    /** Rows that were not flagged are, so many of the negative ones. */
    Kind.Drawn flags(double share, boolean whole) {
      boolean[] hit = hit(random, groups, share / (1 - FLAGGED), whole);
      return says(HOLDS, row -> hit[row] ? FAR : scores[row]);
    }

    /** Some noise. */
    Kind.Drawn shakes(double deviation) {
      return shaken(HOLDS, deviation);
    }

    private Kind.Drawn shaken(String claim, double deviation) {
      double[] noise = Made.times(deviation, Made.gaussians(random, scores.length));
      return says(claim, row -> scores[row] + noise[row]);
    }

    Kind.Drawn says(String claim, IntToDoubleFunction there) {
      SteeredModel.Rule rule = SteeredModel.answering(row -> 1);
      return says(claim, there, rule, rule, Map.of());
    }

    Kind.Drawn says(
        String claim,
        IntToDoubleFunction there,
        SteeredModel.Rule rule,
        SteeredModel.Rule ruleThere,
        Map<String, Object> settings) {
      PlantedRows rows =
          new PlantedRows(random, groups, labels)
              .states(states(row -> scores[row]))
              .permutations(1)
              .decoders("difference_of_means");
      Answer answer =
          LinearRun.compared(
                  rows,
                  rule,
                  new SteeredModel(List.of(states(there)), ruleThere),
                  settings,
                  claim.substring(0, claim.indexOf("_N_MODEL")),
                  random)
              .answer();
      return Kind.Drawn.of(answer);
    }

    /** States of which the first number alone varies, so that every decoder scores by it. */
    private Matrix states(IntToDoubleFunction first) {
      Matrix states = Matrix.zeros(Matrix.Type.FLOAT32, scores.length, 2);
      for (int row = 0; row < scores.length; row++) {
        states.set(row, 0, first.applyAsDouble(row));
      }
      return states;
    }

    private static double square(double value) {
      return value * value;
    }
  }
}
