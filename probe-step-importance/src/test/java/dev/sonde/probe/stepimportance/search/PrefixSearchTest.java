package dev.sonde.probe.stepimportance.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.answers.Answer;
import dev.sonde.answers.AnswerParser;
import dev.sonde.probe.stepimportance.LetterPairs;
import dev.sonde.probe.stepimportance.answer.ChainUnderTest;
import dev.sonde.probe.stepimportance.answer.Endings;
import dev.sonde.probe.stepimportance.answer.TestedMasks.Sampled;
import dev.sonde.probe.stepimportance.chain.Chain;
import dev.sonde.probe.stepimportance.chain.LeftOut;
import dev.sonde.probe.stepimportance.chain.Mask;
import dev.sonde.probe.stepimportance.chain.OrSkipped;
import dev.sonde.probe.stepimportance.chain.SkipReason;
import dev.sonde.probe.stepimportance.chain.StepTokens;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Searches for the sufficient prefix in made-up worlds, with what they ask together. */
class PrefixSearchTest {
  private static final String STATEMENT = "so the answer is 5. ";
  private static final AnswerParser PARSER = AnswerParser.named("numeric");

  private final List<List<Mask>> asked = new ArrayList<>();

  @Test
  void theFirstPrefixIsTheShortestThatSufficesAndTheLastingOneHasNoGapBehindIt() {
    // Sufficient by chance with two steps, then not with three, then from four on.
    Predicate<Mask> suffices = mask -> mask.size() == 2 || mask.size() >= 4;

    assertThat(found(false, false, suffices, plain(6)).steps()).isEqualTo(Mask.first(2));
    assertThat(found(true, false, suffices, plain(6)).steps()).isEqualTo(Mask.first(4));
  }

  @Test
  void shortcutsAreStepsThatSufficeAloneOrStateTheAnswer() {
    List<String> steps = List.of("aa", "bb", STATEMENT, STATEMENT, "ee");
    Predicate<Mask> suffices = mask -> mask.has(1) || mask.size() > 1;

    assertThat(found(false, false, suffices, steps).remaining()).isEqualTo(Mask.of(0, 4));
    assertThat(asked)
        .startsWith(
            List.of(Mask.of(), Mask.first(5)),
            List.of(Mask.of(0), Mask.of(1), Mask.of(4)),
            List.of(Mask.of(0, 4)));
    assertThat(found(false, false, suffices, steps).shortcuts())
        .containsExactly(
            new Shortcut(1, Shortcut.Why.SUFFICES),
            new Shortcut(2, Shortcut.Why.STATES),
            new Shortcut(3, Shortcut.Why.STATES));
    assertThat(found(false, true, suffices, steps).remaining()).isEqualTo(Mask.of(0, 3, 4));
  }

  @Test
  void onlyWhatIsAskedForIsTakenOut() {
    List<String> steps = List.of("aa", "bb", STATEMENT, "ee");
    Predicate<Mask> suffices = mask -> mask.has(1) || mask.size() > 1;

    assertThat(run(PrefixSearch.Removal.NONE, suffices, steps).remaining())
        .isEqualTo(Mask.first(4));
    assertThat(asked).doesNotContain(List.of(Mask.of(0), Mask.of(1), Mask.of(3)));
    assertThat(run(PrefixSearch.Removal.WORDS, suffices, steps).remaining())
        .isEqualTo(Mask.of(0, 1, 3));
  }

  @Test
  void whatIsLeftOutBringsWhatWasMeasured() {
    LeftOut left = run(mask -> false, plain(4)).left().orElseThrow();

    assertThat(left.measured())
        .isEqualTo("behind the whole chain 0 of 5 answers are right; accepted is 5");
    assertThat(left.answers()).containsExactly("6", "6", "6", "6", "6");
    assertThat(run(mask -> mask.has(1), plain(4)).left().orElseThrow().measured())
        .contains("step 2 suffices alone");
  }

  private SufficientPrefix run(
      PrefixSearch.Removal removal, Predicate<Mask> suffices, List<String> steps) {
    asked.clear();
    return run(false, removal, false, suffices, steps).value().orElseThrow();
  }

  @Test
  void aChainIsLeftOutWithTheFirstReasonThatHolds() {
    assertThat(run(mask -> true, plain(4)).reason()).contains(SkipReason.UNNECESSARY);
    assertThat(run(mask -> false, plain(4)).reason()).contains(SkipReason.NEVER_REACHED);
    assertThat(run(mask -> mask.size() == 4, plain(4)).reason()).isEmpty();
    assertThat(run(mask -> mask.has(1), plain(4)).reason()).contains(SkipReason.SHORTCUT);
    assertThat(run(mask -> mask.size() > 0, plain(4)).reason()).contains(SkipReason.SHORTCUT);
  }

  private OrSkipped<SufficientPrefix> run(Predicate<Mask> suffices, List<String> steps) {
    return run(false, false, suffices, steps);
  }

  private SufficientPrefix found(
      boolean lasting, boolean spare, Predicate<Mask> suffices, List<String> steps) {
    asked.clear();
    return run(lasting, spare, suffices, steps).value().orElseThrow();
  }

  private OrSkipped<SufficientPrefix> run(
      boolean lasting, boolean spare, Predicate<Mask> suffices, List<String> steps) {
    return run(lasting, PrefixSearch.Removal.TESTED, spare, suffices, steps);
  }

  private OrSkipped<SufficientPrefix> run(
      boolean lasting,
      PrefixSearch.Removal removal,
      boolean spare,
      Predicate<Mask> suffices,
      List<String> steps) {
    Answers answers =
        new Answers() {
          @Override
          public List<Sampled> sampled(List<Mask> masks) {
            asked.add(masks);
            return masks.stream()
                .map(
                    m ->
                        new Sampled(
                            suffices.test(m) ? 5 : 0,
                            Collections.nCopies(5, suffices.test(m) ? "5" : "6")))
                .toList();
          }

          @Override
          public double attainability(Mask mask) {
            throw new AssertionError("prefixes are taken as attainable");
          }
        };
    Chain chain = StepTokens.chain(new LetterPairs(), "id", "g", "pq", false, steps).orElseThrow();
    Endings none = new Endings(new int[0], new int[0], new int[0], new int[0], new int[0], 4);
    ChainUnderTest tested = new ChainUnderTest(chain, Answer.Rational.of(5), none, 1);
    return new PrefixSearch(PARSER, 0.8, 0.8, lasting, removal, spare).run(tested, answers);
  }

  private static List<String> plain(int steps) {
    return Collections.nCopies(steps, "aa");
  }
}
