package dev.sonde.probe.stepimportance.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.answers.Answer;
import dev.sonde.answers.AnswerParser;
import dev.sonde.api.model.Sampling;
import dev.sonde.probe.stepimportance.LetterPairs;
import dev.sonde.probe.stepimportance.chain.Chain;
import dev.sonde.probe.stepimportance.chain.Mask;
import dev.sonde.probe.stepimportance.chain.OrSkipped;
import dev.sonde.probe.stepimportance.chain.SkipReason;
import dev.sonde.probe.stepimportance.chain.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Whole searches with a model that is right where a text holds the steps bb and dd. */
class CohortSearchTest {
  private static final DoubleBinaryOperator EVEN = (target, source) -> 1;
  private static final Predicate<String> HOLDS_BOTH =
      text -> text.contains("bb") && text.contains("dd");

  @Test
  void thePlantedStepsAreFoundByEveryVariantWithoutModelInternals() {
    for (Variant variant : List.of(Variant.ACTIVATION, Variant.RANDOM, Variant.RANKING)) {
      Finding finding = run(needing("bb", "dd"), variant, subject("aabbccddee")).value().get();

      assertThat(finding.cores().getFirst().core()).as("%s", variant).isEqualTo(Mask.of(1, 3));
      assertThat(finding.prefix()).isEqualTo(Mask.first(4));
      assertThat(finding.label(finding.cores().getFirst(), 4)).isEqualTo(Finding.Label.AFTER);
      assertThat(finding.cores().getFirst().verdict().passes(0.8)).isTrue();
    }
  }

  @Test
  void aStepThatSufficesAloneIsAShortcut() {
    PretendModel model =
        new PretendModel(
            text -> text.contains("ee") || (text.contains("bb") && text.contains("dd")), EVEN);
    Finding finding = run(model, Variant.ACTIVATION, subject("aabbccddee")).value().get();

    assertThat(finding.remaining()).isEqualTo(Mask.first(4));
    assertThat(finding.label(finding.cores().getFirst(), 4)).isEqualTo(Finding.Label.SHORTCUT);
  }

  @Test
  void whatCannotBeSearchedIsSkippedWithItsReason() {
    assertThat(run(needing(""), Variant.RANDOM, subject("aabb")).reason())
        .contains(SkipReason.UNNECESSARY);
    assertThat(run(needing("zz"), Variant.RANDOM, subject("aabb")).reason())
        .contains(SkipReason.NEVER_REACHED);
    assertThat(run(needing("bb"), Variant.RANDOM, subject("aabb")).reason())
        .contains(SkipReason.SHORTCUT);
    PretendModel flat = new PretendModel(HOLDS_BOTH, (target, source) -> 0);
    assertThat(run(flat, Variant.ACTIVATION, subject("aabbccdd")).reason())
        .contains(SkipReason.ZERO_INFLUENCE);
    PretendModel broken = new PretendModel(HOLDS_BOTH, (target, source) -> Float.NaN);
    assertThat(run(broken, Variant.ACTIVATION, subject("aabbccdd")).reason())
        .contains(SkipReason.NON_FINITE);
  }

  @Test
  void aBadChainDoesNotHarmItsCohort() {
    List<OrSkipped<Finding>> results =
        search(needing("bb", "dd"), Variant.ACTIVATION)
            .run(List.of(subject("aacc"), subject("aabbccdd"), subject("ccaa")));

    assertThat(results.get(0).reason()).contains(SkipReason.NEVER_REACHED);
    assertThat(results.get(1).value().get().cores().getFirst().core()).isEqualTo(Mask.of(1, 3));
    assertThat(results.get(2).reason()).contains(SkipReason.NEVER_REACHED);
  }

  @Test
  void aCohortTakesTheRequestsOfItsLongestSearchAndNoMaskIsTestedTwice() {
    PretendModel one = needing("bb", "dd");
    Subject tested = subject("aabbccddee");
    search(one, Variant.ACTIVATION).run(List.of(tested));
    PretendModel many = needing("bb", "dd");
    List<Subject> subjects = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      subjects.add(subject("aabbccddee"));
    }
    search(many, Variant.ACTIVATION).run(subjects);

    assertThat(many.requests()).isEqualTo(one.requests());
    assertThat(many.generations()).isEqualTo(10 * one.generations());
    assertThat(tested.tests() * 5).isEqualTo(one.generations());
  }

  private static PretendModel needing(String... steps) {
    return new PretendModel(text -> Arrays.stream(steps).allMatch(text::contains), EVEN);
  }

  private static OrSkipped<Finding> run(PretendModel model, Variant variant, Subject subject) {
    return search(model, variant).run(List.of(subject)).getFirst();
  }

  private static CohortSearch search(PretendModel model, Variant variant) {
    TestSettings tests = settings();
    SearchSettings search =
        new SearchSettings(
            List.of(variant), new double[] {0.1, 0.5, 1}, false, Root.WRITTEN, false, false, false);
    Ledger ledger = new Ledger();
    Rankings rankings = chain -> Optional.of(new Rankings.Ranking(Mask.of(0, 1), List.of(2, 3, 4)));
    Tester tester = new Tester(model, tests, ledger);
    return new CohortSearch(model, tests, search, 0.8, rankings, tester, ledger);
  }

  private static TestSettings settings() {
    return new TestSettings(
        AnswerParser.named("numeric"),
        "= ",
        "= ",
        "{answer}",
        List.of(),
        4,
        5,
        Sampling.temperature(0.6),
        0.8,
        false,
        false);
  }

  /** A chain of steps of two letters behind the prompt pq. */
  private static Subject subject(String letters) {
    List<String> steps = new ArrayList<>();
    for (int i = 0; i < letters.length(); i += 2) {
      steps.add(letters.substring(i, i + 2));
    }
    LetterPairs pairs = new LetterPairs();
    Chain chain = Tokens.chain(pairs, letters, letters, "pq", false, steps).orElseThrow();
    int[] answer = pairs.encode("= 05", false).ids();
    int[] ask = pairs.encode("= ", false).ids();
    Subject.Endings endings = new Subject.Endings(ask, ask, answer, answer, answer, 4);
    return new Subject(chain, Answer.Rational.of(5), endings, 1);
  }
}
