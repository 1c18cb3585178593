package dev.sonde.traps;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Labels that can be told from activations: effects in noise of every shape. */
final class DecodableEffects {
  private DecodableEffects() {}

  static List<Kind> all() {
    List<Kind> kinds = new ArrayList<>(effects());
    kinds.addAll(shapesOfEffects());
    return kinds;
  }

  private static List<Kind> effects() {
    return List.of(
        DecodableKinds.effect(
            "effect-groups",
            "an effect of groups, one label a group",
            r -> {
              int[] groups = DecodableKinds.usual(r);
              double[] labels = Made.ofGroups(r, groups, 0.5);
              return DecodableKinds.moved(r, groups, labels, labels, 2);
            }),
        DecodableKinds.effect(
            "effect-12-groups",
            "a strong effect of groups, six groups a class",
            r -> {
              int[] groups = Made.groups(r, 12, 3, 5);
              double[] labels = Made.ofGroups(r, groups, 0.5);
              return DecodableKinds.moved(r, groups, labels, labels, 4).permutations(399);
            }),
        DecodableKinds.effect(
            "effect-odd-row",
            "an effect of groups, one row of each labelled otherwise",
            r -> {
              int[] groups = Made.groups(r, 24, 4, 6);
              double[] labels = Made.ofGroups(r, groups, 0.5);
              return DecodableKinds.moved(r, groups, Made.oddRows(groups, labels), labels, 4);
            }),
        DecodableKinds.effect(
            "effect-15-percent",
            "an effect of groups, 15 % of rows labelled otherwise",
            r -> {
              int[] groups = Made.groups(r, 24, 3, 4);
              double[] labels = Made.ofGroups(r, groups, 0.5);
              return DecodableKinds.moved(r, groups, Made.flipped(r, labels, 0.15), labels, 3);
            }),
        DecodableKinds.effect(
            "mislabelled-20-percent",
            "an effect of rows, 20 % of them mislabelled",
            r -> {
              int[] groups = DecodableKinds.usual(r);
              double[] labels = Made.ofGroups(r, groups, 0.5);
              return DecodableKinds.moved(r, groups, Made.flipped(r, labels, 0.2), labels, 3.5);
            }),
        DecodableKinds.effect(
            "effect-half-inside",
            "an effect of rows, half of each group positive",
            r -> {
              int[] groups = Made.groups(r, 60, 2, 3);
              double[] labels = Made.inside(r, groups);
              return DecodableKinds.moved(r, groups, labels, labels, DecodableKinds.SHIFT);
            }),
        DecodableKinds.effect(
            "effect-pairs",
            "an effect inside contrast pairs only",
            r -> {
              int[] groups = Made.groups(60, 2);
              double[] labels = Made.inside(r, groups);
              return new PlantedRows(r, groups, labels)
                  .noise(2, 6, 3)
                  .plant(1, Made.times(2, labels));
            }),
        DecodableKinds.effect(
            "effect-rows",
            "an effect, every row a group",
            r -> {
              int[] groups = Made.groups(80, 1);
              double[] labels = Made.ofGroups(r, groups, 0.5);
              return DecodableKinds.moved(r, groups, labels, labels, 1.8);
            }),
        DecodableKinds.effect(
            "effect-95-to-5",
            "an effect of 5 % positive rows",
            r -> {
              int[] groups = Made.groups(160, 1);
              double[] labels = Made.ofGroups(r, groups, 0.05);
              return DecodableKinds.moved(r, groups, labels, labels, 4);
            }),
        DecodableKinds.effect(
            "effect-rates",
            "a trait of groups that goes with their share of positive rows",
            r -> {
              int[] groups = Made.groups(r, 60, 2, 3);
              double[] rate = Made.perRow(groups, group -> r.nextDouble());
              double[] labels =
                  IntStream.range(0, groups.length)
                      .mapToDouble(i -> r.nextDouble() < rate[i] ? 1 : 0)
                      .toArray();
              return DecodableKinds.moved(r, groups, labels, rate, 8);
            }));
  }

  private static List<Kind> shapesOfEffects() {
    return List.of(
        DecodableKinds.effect(
            "effect-sizes",
            "an effect, positive groups larger",
            r -> {
              int[] groups =
                  IntStream.range(0, 30)
                      .flatMap(g -> IntStream.range(0, g % 2 == 0 ? 6 : 1).map(i -> g))
                      .toArray();
              double[] labels = Made.perRow(groups, g -> g % 2 == 0 ? 1 : 0);
              return DecodableKinds.moved(r, groups, labels, labels, 2.5);
            }),
        DecodableKinds.effect(
            "effect-drift",
            "an effect beside features that drift with the order of rows",
            r -> {
              int[] groups = DecodableKinds.usual(r);
              double[] labels = Made.ofGroups(r, groups, 0.5);
              double[] order = new double[groups.length];
              Arrays.setAll(order, row -> 3.0 * row / order.length);
              return DecodableKinds.noise(r, groups, labels)
                  .plant(1, order)
                  .plant(1, Made.times(2.2, labels));
            }),
        DecodableKinds.effect(
            "effect-wide",
            "an effect in more features than rows",
            r -> {
              int[] groups = Made.groups(60, 1);
              double[] labels = Made.ofGroups(r, groups, 0.5);
              return new PlantedRows(r, groups, labels)
                  .noise(2, 100, 0)
                  .decoders("difference_of_means", "ridge")
                  .plant(1, Made.times(5, labels));
            }),
        DecodableKinds.effect(
            "one-layer-of-80",
            "an effect at one of 80 hook points",
            r -> {
              int[] groups = Made.groups(120, 1);
              double[] labels = Made.ofGroups(r, groups, 0.5);
              return new PlantedRows(r, groups, labels)
                  .noise(80, 2, 0.7)
                  .decoders("difference_of_means")
                  .plant(61, Made.times(2.5, labels));
            }),
        DecodableKinds.effect(
            "effect-many-choices",
            "an effect at one of 8 hook points under four decoders",
            r -> {
              int[] groups = DecodableKinds.usual(r);
              double[] labels = Made.ofGroups(r, groups, 0.5);
              return new PlantedRows(r, groups, labels)
                  .noise(8, 4, 0.7)
                  .decoders("difference_of_means", "ridge", "lda", "pca")
                  .plant(5, Made.times(2.2, labels));
            }),
        DecodableKinds.effect(
            "effect-massive-constant",
            "an effect beside a dimension that is 1000 in every row",
            r -> DecodableKinds.massive(r, false, 2.2)),
        DecodableKinds.effect(
            "effect-massive-varying",
            "an effect beside a dimension that varies 1000 times as much",
            r -> DecodableKinds.massive(r, true, 2.2)),
        DecodableKinds.effect(
            "effect-wild-row",
            "an effect beside a row a thousand times as long",
            r -> DecodableKinds.wild(r, 2.2)),
        DecodableKinds.effect(
            "effect-heavy-tails",
            "an effect in noise with heavy tails (t of three degrees of freedom)",
            r -> {
              int[] groups = DecodableKinds.usual(r);
              double[] labels = Made.ofGroups(r, groups, 0.5);
              PlantedRows rows = DecodableKinds.noise(r, groups, labels);
              DecodableKinds.tails(r, rows.site(1));
              return rows.plant(1, Made.times(3.5, labels));
            }),
        DecodableKinds.effect(
            "effect-graded",
            "an effect of graded labels",
            r -> {
              int[] groups = DecodableKinds.usual(r);
              double[] ofGroups = Made.gaussians(r, 80);
              double[] labels =
                  Made.sum(
                      0.7,
                      Made.perRow(groups, g -> ofGroups[g]),
                      0.7,
                      Made.gaussians(r, groups.length));
              return DecodableKinds.moved(r, groups, labels, labels, 1);
            }),
        DecodableKinds.effect(
            "effect-graded-groups",
            "an effect of graded labels that rows of a group share",
            r -> {
              int[] groups = Made.groups(r, 48, 1, 3);
              double[] ofGroups = Made.gaussians(r, 48);
              double[] labels = Made.perRow(groups, g -> ofGroups[g]);
              return DecodableKinds.moved(r, groups, labels, labels, 1.4);
            }),
        DecodableKinds.effect(
            "effect-equal-texts",
            "an effect; each text stands in two groups",
            r -> {
              int[] groups = Made.groups(60, 2);
              double[] ofText = Made.ofGroups(r, Made.groups(30, 1), 0.5);
              double[] labels = Made.perRow(groups, g -> ofText[g / 2]);
              return DecodableKinds.moved(r, groups, labels, labels, 3)
                  .texts(row -> "the text " + PlantedRows.word(row / 4) + " " + row % 2);
            }));
  }
}
