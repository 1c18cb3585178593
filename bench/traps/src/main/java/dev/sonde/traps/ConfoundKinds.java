package dev.sonde.traps;

import dev.sonde.api.report.Claim.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Whether activations tell more than named confounds. */
final class ConfoundKinds {
  private static final String RIVALS = "more_than_rivals";
  private static final String CONFOUNDS = "beside_confounds";

  private ConfoundKinds() {}

  static List<Kind> all() {
    List<Kind> kinds = new ArrayList<>(ofRows());
    kinds.addAll(ofGroups());
    return kinds;
  }

  /** Labels with a confound, a number, that goes with them. */
  private record Confounded(
      RandomGenerator random, int[] groups, double[] labels, double[] confound) {
    /**
     * A confound that lies so far apart between the labels, in standard deviations.
     *
     * @param skewed whether few rows have most of it
     */
    static Confounded of(RandomGenerator random, double apart, boolean skewed) {
      int[] groups = Made.groups(100, 1);
      double[] labels = Made.ofGroups(random, groups, 0.5);
      double[] confound = Made.sum(apart, labels, 1, Made.gaussians(random, labels.length));
      if (skewed) {
        for (int row = 0; row < confound.length; row++) {
          confound[row] = Math.exp(1.5 * confound[row]);
        }
      }
      return new Confounded(random, groups, labels, confound);
    }

    PlantedRows rows() {
      return new PlantedRows(random, groups, labels).noise().confound("difficulty", confound);
    }
  }

  private static Kind confounded(String name, String planted, String claim, Kind.Draw draw) {
    return Kind.trap(name, claim, planted, draw);
  }

  private static List<Kind> ofRows() {
    return List.of(
        Kind.only(
            Answer.CANNOT_BE_TOLD,
            "confound-is-label",
            CONFOUNDS,
            "activations hold a confound that is the label",
            random -> {
              int[] groups = Made.groups(90, 1);
              double[] labels = Made.ofGroups(random, groups, 0.5);
              return new PlantedRows(random, groups, labels)
                  .noise()
                  .plant(1, Made.times(4, labels))
                  .confound("language", labels)
                  .answer(CONFOUNDS);
            }),
        confounded(
            "confound-only",
            "activations hold a confound that goes with the label, and no more",
            CONFOUNDS,
            random -> {
              Confounded made = Confounded.of(random, 1.5, false);
              return made.rows().plant(1, Made.times(1.5, made.confound())).answer(CONFOUNDS);
            }),
        confounded(
            "confound-only-rivals",
            "activations hold a confound that goes with the label, and no more",
            RIVALS,
            random -> {
              Confounded made = Confounded.of(random, 1.5, false);
              return made.rows()
                  .speaking()
                  .plant(1, Made.times(1.5, made.confound()))
                  .answer(RIVALS);
            }),
        confounded(
            "confound-threshold",
            "activations hold whether a confound is high",
            CONFOUNDS,
            random -> {
              Confounded made = Confounded.of(random, 1.5, false);
              double[] high = new double[made.labels().length];
              for (int row = 0; row < high.length; row++) {
                high[row] = made.confound()[row] > 0.75 ? 3 : 0;
              }
              return made.rows().plant(1, high).answer(CONFOUNDS);
            }),
        confounded(
            "confound-noise",
            "noise in activations, a confound that goes with the label",
            CONFOUNDS,
            random -> Confounded.of(random, 1.5, false).rows().answer(CONFOUNDS)),
        confounded(
            "confound-skewed",
            "noise in activations, a skewed confound that all but is the label",
            CONFOUNDS,
            random -> Confounded.of(random, 2.5, true).rows().answer(CONFOUNDS)),
        confounded(
            "confound-bent",
            "activations hold the square of a confound",
            CONFOUNDS,
            random -> {
              Confounded made = Confounded.of(random, 1.5, false);
              double[] square = new double[made.labels().length];
              for (int row = 0; row < square.length; row++) {
                square[row] = made.confound()[row] * Math.abs(made.confound()[row]);
              }
              return made.rows().plant(1, square).answer(CONFOUNDS);
            }),
        Kind.effect(
            "effect-beside-confound",
            CONFOUNDS,
            "activations hold the label and a confound that goes with it",
            random -> {
              Confounded made = Confounded.of(random, 1, false);
              return made.rows()
                  .plant(1, made.confound())
                  .plant(1, Made.times(3, made.labels()))
                  .answer(CONFOUNDS);
            }),
        Kind.effect(
            "effect-beside-free-confound",
            CONFOUNDS,
            "activations hold the label, beside a confound that does not go with it",
            random -> {
              Confounded made = Confounded.of(random, 0, false);
              return made.rows().plant(1, Made.times(2.5, made.labels())).answer(CONFOUNDS);
            }),
        Kind.effect(
            "effect-more-than-confound",
            RIVALS,
            "activations hold the label, a confound goes with it a little",
            random -> {
              Confounded made = Confounded.of(random, 0.5, false);
              return made.rows().speaking().plant(1, Made.times(3.5, made.labels())).answer(RIVALS);
            }));
  }

  /**
   * Rows of groups with a confound.
   *
   * @param amount of the confound that activations hold
   * @param more of the label that they hold beside it
   */
  private static Kind.Draw grouped(
      int[] groups, Labelling labels, double apart, double amount, double more) {
    return random -> {
      double[] labelled = labels.of(random, groups);
      double[] trait = Made.gaussians(random, Made.count(groups));
      double[] noise =
          Made.sum(
              0.7,
              Made.perRow(groups, group -> trait[group]),
              0.7,
              Made.gaussians(random, groups.length));
      double[] confound = Made.sum(apart, labelled, 1, noise);
      return new PlantedRows(random, groups, labelled)
          .noise()
          .confound("difficulty", confound)
          .plant(1, Made.sum(amount, confound, more, labelled))
          .answer(CONFOUNDS);
    };
  }

  private interface Labelling {
    double[] of(RandomGenerator random, int[] groups);
  }

  private static List<Kind> ofGroups() {
    int[] some = Made.groups(40, 4);
    int[] pairs = Made.groups(60, 2);
    Labelling ofGroups = (random, groups) -> Made.ofGroups(random, groups, 0.5);
    Labelling mixed =
        (random, groups) -> Made.flipped(random, Made.ofGroups(random, groups, 0.5), 0.2);
    return List.of(
        Kind.trap(
            "confound-of-groups",
            CONFOUNDS,
            "activations hold a confound that goes with the label, one label a group",
            grouped(some, ofGroups, 1.2, 1.5, 0)),
        Kind.trap(
            "confound-inside-groups",
            CONFOUNDS,
            "activations hold a confound that goes with the label, also inside groups",
            grouped(some, mixed, 1.2, 1.5, 0)),
        Kind.trap(
            "confound-of-pairs",
            CONFOUNDS,
            "activations hold a confound that goes with the label inside contrast pairs",
            grouped(pairs, Made::inside, 1.5, 1.5, 0)),
        Kind.trap(
            "two-confounds",
            CONFOUNDS,
            "activations hold two confounds that together go with the label",
            random -> {
              Confounded first = Confounded.of(random, 1, false);
              double[] labels = first.labels();
              double[] second = Made.sum(1, labels, 1, Made.gaussians(random, labels.length));
              return first
                  .rows()
                  .confound("topic", second)
                  .plant(1, first.confound())
                  .plant(1, second)
                  .answer(CONFOUNDS);
            }),
        Kind.trap(
            "confound-many-choices",
            CONFOUNDS,
            "noise at 8 hook points under four decoders, a confound that goes with the label",
            random -> {
              Confounded made = Confounded.of(random, 1.5, false);
              return made.rows()
                  .noise(6, 6, 0)
                  .decoders("difference_of_means", "ridge", "lda", "mass_mean")
                  .answer(CONFOUNDS);
            }),
        Kind.effect(
            "effect-beside-confound-of-groups",
            CONFOUNDS,
            "activations hold the label and a confound that goes with it, one label a group",
            grouped(some, ofGroups, 0.8, 1, 3)),
        Kind.effect(
            "effect-beside-confound-inside-groups",
            CONFOUNDS,
            "activations hold the label and a confound that goes with it, also inside groups",
            grouped(some, mixed, 0.8, 1, 3)),
        Kind.effect(
            "effect-beside-confound-of-pairs",
            CONFOUNDS,
            "activations hold the label of contrast pairs, beside a confound",
            grouped(pairs, Made::inside, 0, 1, 2)));
  }
}
