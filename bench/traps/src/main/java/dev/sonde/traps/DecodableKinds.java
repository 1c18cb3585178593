package dev.sonde.traps;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.report.Claim.Answer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Whether a label can be told from activations at all: noise of every shape, and effects in it. */
final class DecodableKinds {
  private static final String CLAIM = "decodable";

  /** How far a planted effect moves rows, in standard deviations of a row's own noise. */
  static final double SHIFT = 1.5;

  private DecodableKinds() {}

  static List<Kind> all() {
    List<Kind> kinds = new ArrayList<>(noise());
    kinds.addAll(dear());
    kinds.addAll(shapesOfNoise());
    kinds.addAll(DecodableEffects.all());
    return kinds;
  }

  private static Kind trap(String name, String planted, Rows rows) {
    return Kind.trap(name, CLAIM, planted, random -> rows.of(random).answer(CLAIM));
  }

  static Kind effect(String name, String planted, Rows rows) {
    return Kind.effect(name, CLAIM, planted, random -> rows.of(random).answer(CLAIM));
  }

  interface Rows {
    PlantedRows of(RandomGenerator random);
  }

  static int[] usual(RandomGenerator random) {
    return Made.groups(random, 80, 1, 2);
  }

  /** Noise under labels of some design. */
  static PlantedRows noise(RandomGenerator random, int[] groups, double[] labels) {
    return new PlantedRows(random, groups, labels).noise();
  }

  /** The same with rows moved along a direction by their label, or by what they really are. */
  static PlantedRows moved(
      RandomGenerator random, int[] groups, double[] labels, double[] truth, double by) {
    return noise(random, groups, labels).plant(1, Made.times(by, truth));
  }

  private static List<Kind> noise() {
    return List.of(
        trap(
            "noise-groups",
            "noise, one label a group",
            r -> {
              int[] groups = usual(r);
              return noise(r, groups, Made.ofGroups(r, groups, 0.5));
            }),
        trap(
            "noise-12-groups",
            "noise, six groups a class",
            r -> {
              int[] groups = Made.groups(r, 12, 3, 5);
              return noise(r, groups, Made.ofGroups(r, groups, 0.5));
            }),
        Kind.only(
            Answer.CANNOT_BE_TOLD,
            "two-groups",
            CLAIM,
            "two groups a class, shifted by chance",
            r -> {
              int[] groups = Made.groups(4, 15);
              return noise(r, groups, Made.ofGroups(r, groups, 0.5)).answer(CLAIM);
            }),
        trap(
            "noise-odd-row",
            "noise, one row of each group labelled otherwise",
            r -> {
              int[] groups = Made.groups(r, 24, 4, 6);
              return noise(r, groups, Made.oddRows(groups, Made.ofGroups(r, groups, 0.5)));
            }),
        trap(
            "noise-15-percent",
            "noise, 15 % of rows labelled otherwise than their group",
            r -> {
              int[] groups = Made.groups(r, 24, 3, 4);
              return noise(r, groups, Made.flipped(r, Made.ofGroups(r, groups, 0.5), 0.15));
            }),
        trap(
            "noise-half-inside",
            "noise, half of each group positive",
            r -> {
              int[] groups = Made.groups(r, 60, 2, 3);
              return noise(r, groups, Made.inside(r, groups));
            }),
        trap(
            "noise-pairs",
            "noise, contrast pairs",
            r -> {
              int[] groups = Made.groups(60, 2);
              return noise(r, groups, Made.inside(r, groups));
            }),
        trap(
            "noise-rows",
            "noise, every row a group",
            r -> {
              int[] groups = Made.groups(80, 1);
              return noise(r, groups, Made.ofGroups(r, groups, 0.5));
            }),
        trap(
            "noise-95-to-5",
            "noise, 5 % of the groups positive",
            r -> {
              int[] groups = Made.groups(160, 1);
              return noise(r, groups, Made.ofGroups(r, groups, 0.05));
            }),
        trap(
            "noise-rates",
            "noise of groups that differ in their share of positive rows",
            r -> {
              int[] groups = Made.groups(r, 60, 2, 3);
              double[] rate = Made.perRow(groups, group -> r.nextDouble());
              return noise(
                  r,
                  groups,
                  IntStream.range(0, groups.length)
                      .mapToDouble(i -> r.nextDouble() < rate[i] ? 1 : 0)
                      .toArray());
            }));
  }

  /** Decoders that are not in closed form are fitted once for every labeling. */
  private static List<Kind> dear() {
    return List.of(
        Kind.only(
            Answer.NOT_TESTED,
            "no-test",
            CLAIM,
            "a strong effect, a decoder that no exchanged labeling was paid for",
            r -> dear(r, 4).answer(CLAIM)),
        trap(
            "noise-refitted",
            "noise, a decoder that is fitted to one exchanged labeling after the other",
            r -> dear(r, 0).refits(2000)),
        effect("effect-refitted", "an effect, such a decoder", r -> dear(r, 2.2).refits(2000)));
  }

  static PlantedRows dear(RandomGenerator random, double shift) {
    int[] groups = Made.groups(80, 1);
    double[] labels = Made.ofGroups(random, groups, 0.5);
    return moved(random, groups, labels, labels, shift).dear();
  }

  private static List<Kind> shapesOfNoise() {
    return List.of(
        trap(
            "sizes-by-label",
            "noise, positive groups four times as large",
            r -> {
              int[] sizes =
                  IntStream.range(0, 30).map(g -> g % 2 == 0 ? 6 : 1 + g % 3 / 2).toArray();
              int[] groups =
                  IntStream.range(0, 30)
                      .flatMap(g -> IntStream.range(0, sizes[g]).map(i -> g))
                      .toArray();
              return noise(r, groups, Made.perRow(groups, g -> g % 2 == 0 ? 1 : 0));
            }),
        trap(
            "drift",
            "features that drift with the order of rows, labels by group at random",
            r -> {
              int[] groups = usual(r);
              double[] order = new double[groups.length];
              Arrays.setAll(order, row -> 6.0 * row / order.length);
              return noise(r, groups, Made.ofGroups(r, groups, 0.5)).plant(1, order);
            }),
        trap(
            "equal-texts",
            "noise; each text stands in two groups of one label",
            r -> {
              int[] groups = Made.groups(80, 2);
              double[] ofText = Made.gaussians(r, 40);
              double[] labels = Made.perRow(groups, g -> ofText[g / 2] > 0 ? 1 : 0);
              PlantedRows rows = noise(r, groups, labels);
              for (int site = 0; site < PlantedRows.SITES; site++) {
                Matrix matrix = rows.site(site);
                for (int row = 0; row < groups.length; row++) {
                  matrix.setRow(row, matrix.row(row / 4 * 4 + row % 2));
                }
              }
              return rows.texts(row -> "the text " + PlantedRows.word(row / 4) + " " + row % 2);
            }),
        trap(
            "wide",
            "noise, more features than rows",
            r -> {
              int[] groups = Made.groups(60, 1);
              return new PlantedRows(r, groups, Made.ofGroups(r, groups, 0.5))
                  .noise(2, 100, 0.7)
                  .decoders("difference_of_means", "ridge");
            }),
        trap(
            "many-choices",
            "noise at 8 hook points under four decoders",
            r -> {
              int[] groups = usual(r);
              return new PlantedRows(r, groups, Made.ofGroups(r, groups, 0.5))
                  .noise(8, 4, 0.7)
                  .decoders("difference_of_means", "ridge", "lda", "pca");
            }),
        trap(
            "massive-constant",
            "noise beside a dimension that is 1000 in every row",
            r -> massive(r, false, 0)),
        trap(
            "massive-varying",
            "noise beside a dimension that varies 1000 times as much",
            r -> massive(r, true, 0)),
        trap("wild-row", "noise with a row a thousand times as long", r -> wild(r, 0)),
        trap(
            "heavy-tails",
            "noise without a variance",
            r -> {
              int[] groups = usual(r);
              PlantedRows rows = noise(r, groups, Made.ofGroups(r, groups, 0.5));
              for (int site = 0; site < PlantedRows.SITES; site++) {
                heavy(r, rows.site(site));
              }
              return rows;
            }),
        trap(
            "group-is-all",
            "noise that all rows of a group share",
            r -> {
              int[] groups = Made.groups(r, 48, 1, 3);
              return new PlantedRows(r, groups, Made.ofGroups(r, groups, 0.5)).noise(2, 6, 10);
            }),
        trap(
            "xor",
            "a label that is the product of two signs, which no straight line tells",
            r -> {
              int[] groups = Made.groups(80, 1);
              double[] a = signs(r, 80);
              double[] b = signs(r, 80);
              double[] labels = new double[80];
              Arrays.setAll(labels, i -> a[i] * b[i] > 0 ? 1 : 0);
              return noise(r, groups, labels).plant(1, Made.times(3, a)).plant(1, Made.times(3, b));
            }),
        trap(
            "noise-graded",
            "noise under graded labels",
            r -> {
              int[] groups = usual(r);
              double[] ofGroups = Made.gaussians(r, 80);
              return noise(
                  r,
                  groups,
                  Made.sum(
                      1,
                      Made.perRow(groups, g -> ofGroups[g]),
                      1,
                      Made.gaussians(r, groups.length)));
            }),
        trap(
            "noise-graded-groups",
            "noise under graded labels that rows of a group share",
            r -> {
              int[] groups = Made.groups(r, 48, 1, 3);
              double[] ofGroups = Made.gaussians(r, 48);
              return noise(r, groups, Made.perRow(groups, g -> ofGroups[g]));
            }));
  }

  static double[] signs(RandomGenerator random, int count) {
    return IntStream.range(0, count).mapToDouble(i -> random.nextBoolean() ? 1 : -1).toArray();
  }

  static void heavy(RandomGenerator random, Matrix matrix) {
    for (int row = 0; row < matrix.rows(); row++) {
      for (int c = 0; c < matrix.columns(); c++) {
        matrix.set(row, c, matrix.get(row, c) / Math.max(1e-3, Math.abs(random.nextGaussian())));
      }
    }
  }

  /** Divides each number by the root of the mean of three squared normal ones. */
  static void tails(RandomGenerator random, Matrix matrix) {
    for (int row = 0; row < matrix.rows(); row++) {
      for (int c = 0; c < matrix.columns(); c++) {
        double squares =
            Arrays.stream(Made.gaussians(random, 3)).map(value -> value * value).sum() / 3;
        matrix.set(row, c, matrix.get(row, c) / Math.sqrt(squares));
      }
    }
  }

  static PlantedRows massive(RandomGenerator random, boolean varying, double shift) {
    int[] groups = usual(random);
    double[] labels = Made.ofGroups(random, groups, 0.5);
    PlantedRows rows =
        moved(random, groups, labels, labels, shift).decoders("difference_of_means", "ridge");
    for (int site = 0; site < PlantedRows.SITES; site++) {
      for (int row = 0; row < groups.length; row++) {
        rows.site(site).set(row, 3, 1000 * (varying ? random.nextGaussian() : 1));
      }
    }
    return rows;
  }

  static PlantedRows wild(RandomGenerator random, double shift) {
    int[] groups = usual(random);
    double[] labels = Made.ofGroups(random, groups, 0.5);
    PlantedRows rows =
        moved(random, groups, labels, labels, shift).decoders("difference_of_means", "ridge");
    int row = random.nextInt(groups.length);
    for (int site = 0; site < PlantedRows.SITES; site++) {
      for (int c = 0; c < rows.site(site).columns(); c++) {
        rows.site(site).set(row, c, 1000 * random.nextGaussian());
      }
    }
    return rows;
  }
}
