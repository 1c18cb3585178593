package dev.sonde.traps;

import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;

/**
 * Whether the main model's direction steers a further model as much: answers of which the
 * log-probability moves there by a known share of what it does on the main model.
 */
final class ComparedSteeringKinds {
  private static final String CLAIM = "steers_N_MODEL";
  private static final int WIDTH = 6;

  /** As much as a yes asks to be left: one less the default of {@code compare_effect}. */
  private static final double LEFT = 0.8;

  private ComparedSteeringKinds() {}

  static List<Kind> all() {
    return List.of(
        Kind.trap(
            "steers-less-by-the-limit",
            CLAIM,
            "0.4 of the groups lose half of the effect",
            random -> new Planted(random).keeping(u -> u < 0.4 ? 0.5 : 1)),
        Kind.trap(
            "steers-less-in-some-groups",
            CLAIM,
            "0.2 of the groups lose all of the effect",
            random -> new Planted(random).keeping(u -> u < 1 - LEFT ? 0 : 1)),
        Kind.trap(
            "steers-half-as-much",
            CLAIM,
            "half of the effect is lost",
            random -> new Planted(random).keeping(u -> 0.3 + 0.4 * u)),
        Kind.trap(
            "steers-no-more",
            CLAIM,
            "answers that follow nothing on the further model",
            random -> new Planted(random).keeping(u -> 0)),
        Kind.trap(
            "steers-neither",
            CLAIM,
            "answers that follow nothing on either model, but waver",
            random -> new Planted(random).wavering()),
        Kind.effect(
            "steers-as-much",
            CLAIM,
            "all of the effect but for a twentieth at most",
            random -> new Planted(random).keeping(u -> 0.95 + 0.05 * u)),
        Kind.effect(
            "steers-nearly-as-much",
            CLAIM,
            "a tenth of the effect is lost",
            random -> new Planted(random).keeping(u -> 0.8 + 0.2 * u)));
  }

  /** Prompts of two labels, 120 groups of two. */
  private static final class Planted {
    private static final double SHIFT = 3;

    private final RandomGenerator random;
    private final int[] groups = Made.groups(120, 2);
    private final double[] labels;
    private final double[] own;
    private final double[] direction;
    private final PlantedRows rows;

    Planted(RandomGenerator random) {
      this.random = random;
      this.labels = Made.ofGroups(random, groups, 0.5);
      this.own = Made.gaussians(random, labels.length);
      this.direction = Made.direction(random, WIDTH);
      this.rows =
          new PlantedRows(random, groups, labels)
              .noise(1, WIDTH, 0.5)
              .permutations(1)
              .decoders("difference_of_means")
              .column("target", row -> labels[row] > 0 ? SteeredModel.YES : SteeredModel.NO);
      Made.add(rows.site(0), direction, Made.times(SHIFT, labels));
    }

    private double along(double[] added) {
      double sum = 0;
      for (int c = 0; c < added.length; c++) {
        sum += direction[c] * added[c];
      }
      return sum;
    }

    /** Each group keeps a share of the effect, by a number drawn from 0 to 1 for it. */
    Kind.Drawn keeping(DoubleUnaryOperator share) {
      double[] kept = Made.perRow(groups, group -> share.applyAsDouble(random.nextDouble()));
      SteeredModel.Rule main = SteeredModel.moving((row, added) -> sure(row) + 0.5 * along(added));
      return says(main, SteeredModel.moving((row, added) -> left(main, row, added, kept[row])));
    }

    /** Answers that every change moves a little, by chance. */
    Kind.Drawn wavering() {
      return says(wavers(new double[labels.length]), wavers(Made.gaussians(random, own.length)));
    }

    private SteeredModel.Rule wavers(double[] by) {
      double[] chance = Made.sum(1, Made.gaussians(random, by.length), 1, by);
      return SteeredModel.moving((row, added) -> sure(row) + chance[row] * along(added) / SHIFT);
    }

    private double sure(int row) {
      return (labels[row] > 0 ? 1 : -1) + own[row] / 2;
    }

    /** The logit at which a row's own answer has moved by a share of what it does elsewhere. */
    private double left(SteeredModel.Rule main, int row, double[] added, double share) {
      double sign = labels[row] > 0 ? 1 : -1;
      double before = logProbability(sign * main.logit(row, new double[WIDTH]));
      double moved = logProbability(sign * main.logit(row, added)) - before;
      double after = Math.exp(before + share * moved);
      return sign * Math.log(after / (1 - after));
    }

    private static double logProbability(double logit) {
      return -Math.log1p(Math.exp(-logit));
    }

    private Kind.Drawn says(SteeredModel.Rule main, SteeredModel.Rule there) {
      SteeredModel other = new SteeredModel(List.copyOf(rows.captured().values()), there);
      return Kind.Drawn.of(
          LinearRun.compared(
                  rows,
                  main,
                  other,
                  Map.of("steer", true, "steer_modes", List.of("add"), "steer_draws", 1),
                  "steers_1",
                  random)
              .answer());
    }
  }
}
