package dev.sonde.traps;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Decoders carried over to another data set, beside words, length and embeddings. */
final class TransferKinds {
  private static final String CLAIM = "carries_over_SET";

  private TransferKinds() {}

  private static Kind.Drawn read(PlantedRows from, PlantedRows to) {
    return from.carriedTo(to).answer("carries_over_other");
  }

  private static PlantedRows rows(RandomGenerator random, int[] groups, double[] labels) {
    return new PlantedRows(random, groups, labels).noise().permutations(1).decoders("ridge");
  }

  /** So many groups, from a number on, with a label that is the parity of what their name drew. */
  private static int[] groupsFrom(int first, int count, int size) {
    return IntStream.range(0, count * size).map(row -> first + row / size).toArray();
  }

  static List<Kind> all() {
    return List.of(
        Kind.trap(
            "transfer-noise",
            CLAIM,
            "noise in both sets",
            random -> {
              int[] here = groupsFrom(0, 30, 2);
              int[] there = groupsFrom(30, 30, 2);
              return read(
                  rows(random, here, Made.ofGroups(random, here, 0.5)),
                  rows(random, there, ofSome(random, there)));
            }),
        Kind.trap(
            "transfer-shared-groups",
            CLAIM,
            "traits of groups that both sets hold, labels drawn at random for each group",
            random -> shared(random, row -> "row " + random.nextInt())),
        Kind.trap(
            "transfer-shared-texts",
            CLAIM,
            "the same texts in both sets, under other groups; labels drawn for each text",
            random -> shared(random, row -> "the text " + PlantedRows.word(row / 2))),
        Kind.trap(
            "transfer-words",
            CLAIM,
            "one direction in both sets, and one word that tells the label in both",
            random -> planted(random, 2.5, true, true)),
        Kind.trap(
            "transfer-other-direction",
            CLAIM,
            "an effect in both sets, along directions that are not alike",
            random -> planted(random, 2.5, false, false)),
        Kind.effect(
            "transfer-effect",
            CLAIM,
            "one direction in both sets",
            random -> planted(random, 4, true, false)));
  }

  /**
   * Two sets with an effect.
   *
   * @param same whether it lies along the same direction
   * @param told whether a word tells the labels, too
   */
  private static Kind.Drawn planted(
      RandomGenerator random, double shift, boolean same, boolean told) {
    int[] here = groupsFrom(0, 30, 2);
    int[] there = groupsFrom(30, 30, 2);
    double[] labelsHere = Made.ofGroups(random, here, 0.5);
    double[] labelsThere = ofSome(random, there);
    PlantedRows from = rows(random, here, labelsHere);
    PlantedRows to = rows(random, there, labelsThere);
    double[] direction = Made.direction(random, from.site(1).columns());
    double[] other = same ? direction : across(random, direction);
    Made.add(from.site(1), direction, Made.times(shift, labelsHere));
    Made.add(to.site(1), other, Made.times(shift, labelsThere));
    String[] words = new String[here.length];
    for (int row = 0; row < words.length; row++) {
      words[row] = PlantedRows.sentence(random, 3);
    }
    return read(
        from.texts(row -> words[row] + " here" + row + said(told, labelsHere[row])),
        to.texts(row -> words[row] + " there" + row + said(told, labelsThere[row])));
  }

  private static String said(boolean told, double label) {
    return told ? label > 0 ? " sum" : " fact" : "";
  }

  /** A direction at right angles to another. */
  private static double[] across(RandomGenerator random, double[] direction) {
    double[] other = Made.direction(random, direction.length);
    double along = 0;
    for (int c = 0; c < other.length; c++) {
      along += other[c] * direction[c];
    }
    double[] across = Made.sum(1, other, -along, direction);
    double length = Math.sqrt(Arrays.stream(across).map(v -> v * v).sum());
    return Made.times(1 / length, across);
  }

  /** Labels of groups whose numbers do not begin at 0. */
  private static double[] ofSome(RandomGenerator random, int[] groups) {
    int first = groups[0];
    return Made.ofGroups(random, IntStream.of(groups).map(group -> group - first).toArray(), 0.5);
  }

  private static Kind.Drawn shared(RandomGenerator random, IntFunction<String> texts) {
    int[] groups = Made.groups(30, 2);
    double[] labels = Made.ofGroups(random, groups, 0.5);
    PlantedRows from = rows(random, groups, labels);
    PlantedRows to = rows(random, groups, labels);
    for (int group = 0; group < 30; group++) {
      double[] trait = Made.times(3, Made.gaussians(random, from.site(1).columns()));
      for (int row = 2 * group; row < 2 * group + 2; row++) {
        for (PlantedRows set : List.of(from, to)) {
          for (int c = 0; c < trait.length; c++) {
            set.site(1).set(row, c, set.site(1).get(row, c) + trait[c]);
          }
        }
      }
    }
    return read(from.texts(texts), to.texts(texts));
  }
}
