package dev.sonde.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StratifiedPermutationsTest {
  private final Random random = new Random(5);

  @Test
  void groupsExchangeLabelsWithThoseAlikeInTheNuisanceOnly() {
    // twenty groups of two rows; the nuisance parts them into four strata of five
    double[] nuisance = IntStream.range(0, 40).mapToDouble(row -> row / 2).toArray();
    double[] labels = IntStream.range(0, 40).mapToDouble(row -> row / 2 % 5 < 2 ? 1 : 0).toArray();
    StratifiedPermutations permutations = new StratifiedPermutations(labels, pairs(20), nuisance);
    assertThat(permutations.strata()).isEqualTo(IntStream.range(0, 40).map(r -> r / 10).toArray());
    double[] first = new double[200];
    for (int draw = 0; draw < 200; draw++) {
      double[] drawn = permutations.draw(random);
      for (int stratum = 0; stratum < 4; stratum++) {
        assertThat(Arrays.stream(drawn, 10 * stratum, 10 * stratum + 10).sum()).isEqualTo(4);
      }
      assertThat(drawn[0]).isEqualTo(drawn[1]); // a group goes as a whole
      first[draw] = drawn[0];
    }
    assertThat(Means.of(first)).isBetween(0.25, 0.55);
  }

  @Test
  void aNuisanceThatIsTheLabelLeavesNothingToExchange() {
    double[] labels = IntStream.range(0, 40).mapToDouble(row -> row < 20 ? 1 : 0).toArray();
    StratifiedPermutations permutations = new StratifiedPermutations(labels, pairs(20), labels);
    assertThat(permutations.draw(random)).isEqualTo(labels);
    assertThat(permutations.smallestReachable(999)).isEqualTo(1);
  }

  @Test
  void aNuisanceOfFewValuesHasAStratumForEach() {
    double[] languages = IntStream.range(0, 40).mapToDouble(row -> row / 2 % 3).toArray();
    double[] labels = IntStream.range(0, 40).mapToDouble(row -> row < 20 ? 1 : 0).toArray();
    assertThat(new StratifiedPermutations(labels, pairs(20), languages).strata())
        .isEqualTo(Arrays.stream(languages).mapToInt(v -> (int) v).toArray());
  }

  @Test
  void rowsOfAPairExchangeLabelsAsOftenAsTheNuisanceAloneWouldHaveIt() {
    // in four of five pairs the positive row has the larger nuisance
    int pairs = 200;
    double[] labels = IntStream.range(0, 2 * pairs).mapToDouble(row -> row % 2).toArray();
    double[] nuisance =
        IntStream.range(0, 2 * pairs)
            .mapToDouble(row -> row / 2 % 5 == 0 ? 1 - row % 2 : row % 2)
            .toArray();
    StratifiedPermutations permutations =
        new StratifiedPermutations(labels, pairs(pairs), nuisance);
    double kept = 0;
    for (int draw = 0; draw < 50; draw++) {
      double[] drawn = permutations.draw(random);
      for (int pair = 0; pair < pairs; pair++) {
        assertThat(drawn[2 * pair] + drawn[2 * pair + 1]).isEqualTo(1);
        boolean larger = nuisance[2 * pair + 1] > nuisance[2 * pair];
        kept += (drawn[2 * pair + 1] > drawn[2 * pair]) == larger ? 1.0 / pairs / 50 : 0;
      }
    }
    assertThat(kept).isCloseTo(0.8, within(0.03));
  }

  @Test
  void pairsThatTheNuisanceOrdersAllCannotTellMoreThanIt() {
    double[] labels = IntStream.range(0, 40).mapToDouble(row -> row % 2).toArray();
    assertThat(new StratifiedPermutations(labels, pairs(20), labels).smallestReachable(999))
        .isGreaterThan(0.05);
  }

  private static Groups pairs(int count) {
    return Groups.of(IntStream.range(0, 2 * count).mapToObj(row -> row / 2).toList());
  }

  @Test
  void gradedLabelsKeepTheirValuesInsideAGroup() {
    double[] labels = {0.1, 0.5, 0.9, 0.1, 0.5, 0.9};
    Groups groups = Groups.of(List.of("a", "a", "a", "b", "b", "b"));
    double[] drawn =
        new StratifiedPermutations(labels, groups, new double[] {3, 1, 2, 1, 2, 3}).draw(random);
    assertThat(Arrays.copyOf(drawn, 3)).containsExactlyInAnyOrder(0.1, 0.5, 0.9);
  }
}
