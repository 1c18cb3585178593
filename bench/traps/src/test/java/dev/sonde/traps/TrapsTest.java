package dev.sonde.traps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.report.Claim.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Twenty data sets of every kind, the same each time. Five wrong yeses among twenty would come in
 * three of a thousand tries of a claim that is wrong in 5 of 100.
 */
class TrapsTest {
  private static final int DRAWS = 20;
  private static final int MOST_WRONG = 4;

  /** Most kinds are found in nearly all data sets, and the test should not hang on one. */
  private static final int FEWEST_FOUND = 12;

  private final List<Kind> kinds = Traps.kinds();

  @TestFactory
  Stream<DynamicTest> everyKindIsAnsweredAsACarefulReaderWould() {
    return kinds.stream().map(kind -> DynamicTest.dynamicTest(kind.name(), () -> check(kind)));
  }

  private static void check(Kind kind) {
    Tally tally = Tally.of(Traps.drawn(kind, 0, DRAWS));
    if (kind.isEffect()) {
      assertThat(tally.of(Answer.YES)).as(kind.planted()).isGreaterThanOrEqualTo(FEWEST_FOUND);
    } else {
      assertThat(tally.wrong(kind))
          .as(kind.planted())
          .isLessThanOrEqualTo(MOST_WRONG / (double) DRAWS);
    }
  }

  @Test
  void thereAreFortyTrapsAndAsManyEffectsOverAllFourProbesUnderNamesOfTheirOwn() {
    assertThat(kinds.stream().filter(kind -> !kind.isEffect())).hasSizeGreaterThanOrEqualTo(40);
    assertThat(kinds.stream().filter(Kind::isEffect)).hasSizeGreaterThanOrEqualTo(40);
    assertThat(kinds.stream().map(Kind::name)).doesNotHaveDuplicates();
    assertThat(kinds.stream().map(Kind::claim).distinct())
        .contains(
            "decodable",
            "more_than_rivals",
            "beside_confounds",
            "carries_over_SET",
            "steers",
            "separates_on_N_MODEL",
            "holds_rate_on_N_MODEL",
            "steers_N_MODEL",
            "answers_as_N_MODEL",
            "sum_does_in_the_running_model",
            "meaning_beside_position",
            "finds_planted_documents",
            "shares_procedures",
            "predicts_training_again",
            "removal_lowers_likelihood",
            "importance_can_be_read");
  }

  @Test
  void everyClaimHasATrapAndAnEffect() {
    Map<Boolean, Set<String>> claims =
        kinds.stream()
            .collect(
                Collectors.partitioningBy(
                    Kind::isEffect, Collectors.mapping(Kind::claim, Collectors.toSet())));
    assertThat(claims.get(true)).isEqualTo(claims.get(false));
  }

  @Test
  void thePageShowsTheStoredTableAndNoOther() throws IOException {
    Path root = Path.of("../..");
    String page = Files.readString(root.resolve("docs/verdicts.md"));
    Counts counts = Counts.read(root.resolve("bench/traps/counts.tsv"), kinds);
    assertThat(Traps.shown(page, counts)).isEqualTo(page);
    assertThat(kinds).allMatch(kind -> counts.draws(kind) >= DRAWS);
  }

  @Test
  void anAnswerDoesNotDependOnControlsThatItDoesNotRestOn() {
    int[] groups = Made.groups(12, 3);
    RandomGenerator labels = Traps.random("labels", 1);
    double[] drawn = Made.ofGroups(labels, groups, 0.5);
    for (String claim : List.of("decodable", "more_than_rivals", "beside_confounds")) {
      assertThat(rows(groups, drawn).answer(claim))
          .isEqualTo(rows(groups, drawn).answerOfAll(claim));
    }
  }

  private static PlantedRows rows(int[] groups, double[] labels) {
    return new PlantedRows(Traps.random("rows", 1), groups, labels)
        .speaking()
        .noise()
        .confound("difficulty", Made.gaussians(Traps.random("confound", 1), groups.length))
        .plant(1, Made.times(2, labels));
  }

  @Test
  void aDataSetIsTheSameWheneverItIsDrawn() {
    Kind kind = kinds.getFirst();
    assertThat(Traps.drawn(kind, 1, 2)).isEqualTo(Traps.drawn(kind, 0, 2).subList(1, 2));
  }

  @Test
  void theUpperLimitOfAShareIsClopperAndPearsons() {
    assertThat(Tally.read("k\t0\t100\t0\t0\t-1").mostYes()).isBetween(0.0362, 0.0363);
    assertThat(Tally.read("k\t50\t950\t0\t0\t-1").mostYes()).isBetween(0.0653, 0.0654);
    assertThat(Tally.read("k\t20\t0\t0\t0\t-1").mostYes()).isEqualTo(1);
  }
}
