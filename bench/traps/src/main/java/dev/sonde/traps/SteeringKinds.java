package dev.sonde.traps;

import dev.sonde.api.report.Claim.Answer;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/** Whether a direction steers: models in which it does, does harm, or does what any vector does. */
final class SteeringKinds {
  private static final String CLAIM = "steers";
  private static final int WIDTH = 12;

  private SteeringKinds() {}

  static List<Kind> all() {
    return List.of(
        trap(
            "steer-noise",
            "labels that mean nothing, answers that follow a direction of their own",
            random -> new Planted(random, 0).answers(1, random)),
        trap(
            "steer-noise-truth",
            "a label in the states that answers do not follow; they follow another direction",
            random -> new Planted(random, 3).answers(1, random)),
        trap(
            "steer-nothing",
            "a label in the states, answers that follow nothing",
            random -> new Planted(random, 3).claim(added -> 0, added -> 0)),
        trap(
            "steer-wrecks",
            "answers that follow the direction, at a cost of a nat a token",
            random -> {
              Planted planted = new Planted(random, 3);
              return planted.claim(planted::along, added -> square(added) > 0.1 ? 1 : 0);
            }),
        trap(
            "steer-opposite",
            "answers that move against the direction",
            random -> {
              Planted planted = new Planted(random, 3);
              return planted.claim(added -> -planted.along(added), added -> 0);
            }),
        trap(
            "steer-any-vector-yes",
            "answers of yes that gain by any vector of that length",
            random -> new Planted(random, 3).claim(added -> Math.sqrt(square(added)), added -> 0)),
        trap(
            "steer-any-vector-doubt",
            "answers that come nearer to even by any vector",
            random -> {
              Planted planted = new Planted(random, 3);
              return planted.claimOf(
                  (row, added) -> planted.sure(row) / (1 + square(added)), added -> 0);
            }),
        trap(
            "steer-at-the-limit",
            "answers that follow the direction, at a cost just above what is allowed",
            random -> {
              Planted planted = new Planted(random, 3);
              return planted.claim(planted::along, added -> square(added) > 0.1 ? 0.12 : 0);
            }),
        effect(
            "steers",
            "answers that follow the direction",
            random -> {
              Planted planted = new Planted(random, 3);
              return planted.claim(planted::along, added -> 0);
            }),
        effect(
            "steers-from-the-ceiling",
            "answers that are sure without steering, and follow the direction",
            random -> {
              Planted planted = new Planted(random, 3);
              return planted.claimOf(
                  (row, added) -> 2 * planted.sure(row) + planted.along(added), added -> 0);
            }),
        effect(
            "steers-with-little-harm",
            "answers that follow the direction, at a cost of 0.03 nats a token",
            random -> {
              Planted planted = new Planted(random, 3);
              return planted.claim(planted::along, added -> square(added) > 0 ? 0.03 : 0);
            }),
        effect(
            "steers-weakly",
            "answers that follow the direction a little, beside one of their own",
            random -> {
              Planted planted = new Planted(random, 3);
              double[] own = Made.direction(random, WIDTH);
              return planted.claim(
                  added -> planted.along(added) + 0.15 * dot(own, added), added -> 0);
            }),
        effect(
            "steers-at-small-doses",
            "answers that follow the direction, at no cost up to a dose of 1, a nat beyond",
            random -> {
              Planted planted = new Planted(random, 3);
              return planted.claim(
                  planted::along, added -> square(added) > planted.square() * 1.6 ? 1 : 0);
            }));
  }

  private interface Answering {
    Answer of(RandomGenerator random);
  }

  private static Kind trap(String name, String planted, Answering answering) {
    return Kind.trap(name, CLAIM, planted, random -> Kind.Drawn.of(answering.of(random)));
  }

  private static Kind effect(String name, String planted, Answering answering) {
    return Kind.effect(name, CLAIM, planted, random -> Kind.Drawn.of(answering.of(random)));
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double square(double[] vector) {
    return dot(vector, vector);
  }

  /** Prompts of two labels, 40 groups of two. */
  private static final class Planted {
    private final RandomGenerator random;
    private final double[] labels;
    private final double[] direction;
    private final double shift;
    private final PlantedRows rows;
    private final double[] own;

    Planted(RandomGenerator random, double shift) {
      this.random = random;
      this.shift = shift;
      int[] groups = Made.groups(40, 2);
      this.labels = Made.ofGroups(random, groups, 0.5);
      this.rows =
          new PlantedRows(random, groups, labels)
              .noise(2, WIDTH, 0.5)
              .permutations(1)
              .decoders("difference_of_means")
              .column("target", row -> labels[row] > 0 ? SteeredModel.YES : SteeredModel.NO);
      this.direction = Made.direction(random, WIDTH);
      Made.add(rows.site(1), direction, Made.times(shift, labels));
      this.own = Made.times(0.5, Made.gaussians(random, labels.length));
    }

    /** How far a change lies along the planted direction. */
    double along(double[] added) {
      return dot(direction, added);
    }

    /** The squared length of the distance of the classes. */
    double square() {
      return shift * shift;
    }

    /** A row's own answer, sure. */
    double sure(int row) {
      return (labels[row] > 0 ? 3 : -3) + own[row];
    }

    Answer claim(ToDoubleFunction<double[]> moves, ToDoubleFunction<double[]> harm) {
      return claimOf((row, added) -> sure(row) / 3 + moves.applyAsDouble(added), harm);
    }

    private interface Logit {
      double of(int row, double[] added);
    }

    Answer claimOf(Logit logit, ToDoubleFunction<double[]> harm) {
      return LinearRun.claim(
              rows,
              new SteeredModel.Rule() {
                @Override
                public double logit(int row, double[] added) {
                  return logit.of(row, added);
                }

                @Override
                public double harm(double[] added) {
                  return harm.applyAsDouble(added);
                }
              },
              random)
          .answer();
    }

    /** Answers that follow a direction drawn at random, orthogonal to the planted one. */
    Answer answers(double by, RandomGenerator more) {
      double[] other = Made.direction(more, WIDTH);
      if (shift > 0) {
        double common = dot(other, direction);
        Arrays.setAll(other, c -> other[c] - common * direction[c]);
      }
      return claim(added -> by * dot(other, added), added -> 0);
    }
  }
}
