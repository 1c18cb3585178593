package dev.sonde.traps;

import dev.sonde.api.report.Claim.Answer;
import dev.sonde.engine.evaluate.control.Transfer;
import dev.sonde.engine.evaluate.fit.Merit;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Decoders carried over to another data set. The report puts no question here; an interval that
 * lies wholly above chance is what a reader takes for a yes.
 */
final class TransferKinds {
  private static final String FIGURE = "transfer.auroc";

  private TransferKinds() {}

  /** What a reader takes from the interval at the best hook point, from the main set on. */
  private static Answer read(PlantedRows from, PlantedRows to) {
    List<Transfer.Found> found =
        from.carriedTo(to).evaluated().found(Transfer.Result.class).orElseThrow().found().stream()
            .filter(one -> one.best() && one.from().equals("data") && one.to().equals("other"))
            .toList();
    if (found.isEmpty()) {
      return Answer.NOT_TESTED;
    }
    double chance = Merit.AUROC.chance();
    return found.stream().anyMatch(one -> one.merit().low() > chance)
        ? Answer.YES
        : found.stream().allMatch(one -> one.merit().value() <= chance)
            ? Answer.NO
            : Answer.CANNOT_BE_TOLD;
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
            FIGURE,
            "noise in both sets",
            random -> {
              int[] here = groupsFrom(0, 30, 2);
              int[] there = groupsFrom(30, 30, 2);
              return Kind.Drawn.of(
                  read(
                      rows(random, here, Made.ofGroups(random, here, 0.5)),
                      rows(random, there, ofSome(random, there))));
            }),
        Kind.trap(
            "transfer-shared-groups",
            FIGURE,
            "traits of groups that both sets hold, labels drawn at random for each group",
            random -> shared(random, row -> "row " + random.nextInt())),
        Kind.trap(
            "transfer-shared-texts",
            FIGURE,
            "the same texts in both sets, under other groups; labels drawn for each text",
            random -> shared(random, row -> "the text " + PlantedRows.word(row / 2))),
        Kind.effect(
            "transfer-effect",
            FIGURE,
            "one direction in both sets",
            random -> {
              int[] here = groupsFrom(0, 30, 2);
              int[] there = groupsFrom(30, 30, 2);
              double[] labelsHere = Made.ofGroups(random, here, 0.5);
              double[] labelsThere = ofSome(random, there);
              PlantedRows from = rows(random, here, labelsHere);
              PlantedRows to = rows(random, there, labelsThere);
              double[] direction = Made.direction(random, from.site(1).columns());
              Made.add(from.site(1), direction, Made.times(2.5, labelsHere));
              Made.add(to.site(1), direction, Made.times(2.5, labelsThere));
              return Kind.Drawn.of(read(from, to));
            }));
  }

  /** Labels of groups whose numbers do not begin at 0. */
  private static double[] ofSome(RandomGenerator random, int[] groups) {
    int first = groups[0];
    return Made.ofGroups(random, IntStream.of(groups).map(group -> group - first).toArray(), 0.5);
  }

  private static Kind.Drawn shared(
      RandomGenerator random, java.util.function.IntFunction<String> texts) {
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
    return Kind.Drawn.of(read(from.texts(texts), to.texts(texts)));
  }
}
