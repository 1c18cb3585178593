package dev.sonde.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.statistics.MadeUpRows.Labels;
import java.util.Arrays;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.commons.statistics.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Test;

/** Where nothing is planted every p is as likely as any other; where something is, p is small. */
class ChanceTest {
  private static final int SETS = 400;
  private static final int DRAWS = 99;
  private static final int GROUPS = 24;

  /** A test of uniformity that is right fails so often; seeds make it fail always or never. */
  private static final double ALARM = 0.01;

  @Test
  void pOfLabelsExchangedBetweenGroupsIsUniform() {
    assertUniform(random -> permutationTest(Labels.OF_GROUPS, 0, random), 1);
  }

  @Test
  void pOfLabelsExchangedInsideGroupsIsUniform() {
    assertUniform(random -> permutationTest(Labels.OF_ROWS, 0, random), 2);
  }

  @Test
  void exchangingRowsOfWholeGroupsWouldBeSeen() {
    double[] ps =
        ps(
            random -> {
              MadeUpRows rows = MadeUpRows.draw(GROUPS, Labels.OF_GROUPS, 0, random);
              Groups each = Groups.ofSingleRows(rows.scores().length);
              return permutationTest(rows, each, random);
            },
            3);
    assertThat(share(ps, 0.05)).isGreaterThan(0.15);
  }

  @Test
  void whatIsPlantedIsFound() {
    assertThat(share(ps(random -> permutationTest(Labels.OF_GROUPS, 1, random), 4), 0.05))
        .isGreaterThan(0.8);
    assertThat(share(ps(random -> permutationTest(Labels.OF_ROWS, 1, random), 5), 0.05))
        .isGreaterThan(0.95);
    assertThat(share(ps(random -> signFlips(GROUPS, DRAWS, 1, random), 6), 0.05))
        .isGreaterThan(0.95);
  }

  @Test
  void pOfDrawnSignFlipsIsUniform() {
    assertUniform(random -> signFlips(GROUPS, DRAWS, 0, random), 7);
  }

  /** 2⁶ patterns. */
  @Test
  void pOfAllSignFlipsIsUniform() {
    double[] ps = ps(random -> signFlips(6, 64, 0, random), 8);
    assertUniform(ps, 1.0 / 64, new Random(8));
  }

  private static double permutationTest(Labels labels, double shift, RandomGenerator random) {
    MadeUpRows rows = MadeUpRows.draw(GROUPS, labels, shift, random);
    return permutationTest(rows, rows.groups(), random);
  }

  private static double permutationTest(MadeUpRows rows, Groups groups, RandomGenerator random) {
    GroupPermutations permutations = new GroupPermutations(rows.labels(), groups);
    double[] drawn =
        IntStream.range(0, DRAWS)
            .mapToDouble(draw -> rows.auroc(permutations.draw(random)))
            .toArray();
    return PValues.of(rows.auroc(), drawn);
  }

  private static double signFlips(int count, int draws, double shift, RandomGenerator random) {
    MadeUpRows rows = MadeUpRows.draw(count, Labels.OF_GROUPS, 0, random);
    double[] differences = Arrays.stream(rows.scores()).map(s -> s + shift).toArray();
    return SignFlips.of(differences, rows.groups(), draws, random).p();
  }

  private static double[] ps(ToDoubleFunction<Random> test, long seed) {
    Random random = new Random(seed);
    return IntStream.range(0, SETS).mapToDouble(set -> test.applyAsDouble(random)).toArray();
  }

  private static double share(double[] ps, double most) {
    return Arrays.stream(ps).filter(p -> p <= most + 1e-12).count() / (double) ps.length;
  }

  private static void assertUniform(ToDoubleFunction<Random> test, long seed) {
    assertUniform(ps(test, seed), 1.0 / (DRAWS + 1), new Random(seed));
  }

  /** A p that is one of so many equal steps, moved to a random place of its step. */
  private static void assertUniform(double[] ps, double step, Random random) {
    double[] spread = Arrays.stream(ps).map(p -> p - step * random.nextDouble()).toArray();
    assertThat(KolmogorovSmirnovTest.withDefaults().test(spread, p -> p).getPValue())
        .isGreaterThan(ALARM);
    // Three standard errors of 400 data sets are 0.033.
    assertThat(share(ps, 0.05)).isBetween(0.017, 0.083);
  }
}
