package dev.sonde.probe.stepimportance.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.answers.Answer;
import dev.sonde.answers.AnswerParser;
import dev.sonde.api.model.Sampling;
import dev.sonde.probe.stepimportance.LetterPairs;
import dev.sonde.probe.stepimportance.PretendModel;
import dev.sonde.probe.stepimportance.answer.AnswerSampling;
import dev.sonde.probe.stepimportance.answer.AnswerTester;
import dev.sonde.probe.stepimportance.answer.ChainUnderTest;
import dev.sonde.probe.stepimportance.answer.Elicitation;
import dev.sonde.probe.stepimportance.answer.Endings;
import dev.sonde.probe.stepimportance.answer.OwnAnswers;
import dev.sonde.probe.stepimportance.attribution.Resampling;
import dev.sonde.probe.stepimportance.attribution.Root;
import dev.sonde.probe.stepimportance.chain.Chain;
import dev.sonde.probe.stepimportance.chain.Mask;
import dev.sonde.probe.stepimportance.chain.OrSkipped;
import dev.sonde.probe.stepimportance.chain.SkipReason;
import dev.sonde.probe.stepimportance.chain.StepTokens;
import dev.sonde.probe.stepimportance.chain.TokenCosts;
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
    for (SearchVariant variant :
        List.of(SearchVariant.ACTIVATION, SearchVariant.RANDOM, SearchVariant.RANKING)) {
      SearchResult result = run(needing("bb", "dd"), variant, chain("aabbccddee")).value().get();

      assertThat(result.cores().getFirst().core()).as("%s", variant).isEqualTo(Mask.of(1, 3));
      assertThat(result.prefix()).isEqualTo(Mask.first(4));
      assertThat(result.label(result.cores().getFirst(), 4)).isEqualTo(SearchResult.Label.AFTER);
      assertThat(result.cores().getFirst().tested().passes(0.8)).isTrue();
    }
  }

  @Test
  void aStepThatSufficesAloneIsAShortcut() {
    PretendModel model =
        new PretendModel(
            text -> text.contains("ee") || (text.contains("bb") && text.contains("dd")), EVEN);
    SearchResult result = run(model, SearchVariant.ACTIVATION, chain("aabbccddee")).value().get();

    assertThat(result.remaining()).isEqualTo(Mask.first(4));
    assertThat(result.label(result.cores().getFirst(), 4)).isEqualTo(SearchResult.Label.SHORTCUT);
  }

  @Test
  void whatCannotBeSearchedIsSkippedWithItsReason() {
    assertThat(run(needing(""), SearchVariant.RANDOM, chain("aabb")).reason())
        .contains(SkipReason.UNNECESSARY);
    assertThat(run(needing("zz"), SearchVariant.RANDOM, chain("aabb")).reason())
        .contains(SkipReason.NEVER_REACHED);
    assertThat(run(needing("bb"), SearchVariant.RANDOM, chain("aabb")).reason())
        .contains(SkipReason.SHORTCUT);
    PretendModel flat = new PretendModel(HOLDS_BOTH, (target, source) -> 0);
    assertThat(run(flat, SearchVariant.ACTIVATION, chain("aabbccdd")).reason())
        .contains(SkipReason.ZERO_INFLUENCE);
    PretendModel broken = new PretendModel(HOLDS_BOTH, (target, source) -> Float.NaN);
    assertThat(run(broken, SearchVariant.ACTIVATION, chain("aabbccdd")).reason())
        .contains(SkipReason.NON_FINITE);
  }

  @Test
  void aBadChainDoesNotHarmItsCohort() {
    List<OrSkipped<SearchResult>> results =
        search(needing("bb", "dd"), SearchVariant.ACTIVATION)
            .run(List.of(chain("aacc"), chain("aabbccdd"), chain("ccaa")));

    assertThat(results.get(0).reason()).contains(SkipReason.NEVER_REACHED);
    assertThat(results.get(1).value().get().cores().getFirst().core()).isEqualTo(Mask.of(1, 3));
    assertThat(results.get(2).reason()).contains(SkipReason.NEVER_REACHED);
  }

  @Test
  void aCohortTakesTheRequestsOfItsLongestSearchAndNoMaskIsTestedTwice() {
    PretendModel one = needing("bb", "dd");
    ChainUnderTest chain = chain("aabbccddee");
    search(one, SearchVariant.ACTIVATION).run(List.of(chain));
    PretendModel many = needing("bb", "dd");
    List<ChainUnderTest> chains = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      chains.add(chain("aabbccddee"));
    }
    search(many, SearchVariant.ACTIVATION).run(chains);

    assertThat(many.requests()).isEqualTo(one.requests());
    assertThat(many.generations()).isEqualTo(10 * one.generations());
    assertThat(one.generations()).isLessThanOrEqualTo(chain.tested().all().size() * 5);
  }

  @Test
  void theVariantsOfAChainAskInTheSameRounds() {
    PretendModel random = needing("bb", "dd");
    search(random, SearchVariant.RANDOM).run(List.of(chain("aabbccddee")));
    PretendModel ranking = needing("bb", "dd");
    search(ranking, SearchVariant.RANKING).run(List.of(chain("aabbccddee")));
    PretendModel both = needing("bb", "dd");
    search(both, SearchVariant.RANDOM, SearchVariant.RANKING).run(List.of(chain("aabbccddee")));

    assertThat(both.generations()).isGreaterThan(random.generations());
    assertThat(both.requests())
        .isLessThanOrEqualTo(Math.max(random.requests(), ranking.requests()));
  }

  @Test
  void aModelThatFailsEndsTheSearchWithItsOwnException() {
    IllegalStateException failure = new IllegalStateException("no memory");
    PretendModel model =
        new PretendModel(
            text -> {
              if (text.contains("aabb") && !text.contains("ee")) {
                throw failure;
              }
              return HOLDS_BOTH.test(text);
            },
            EVEN);

    assertThatThrownBy(() -> run(model, SearchVariant.ACTIVATION, chain("aabbccddee")))
        .isSameAs(failure);
  }

  @Test
  void aChainThatIsLessLikelyThanTheAnswerAtOnceIsSaidToBeInverted() {
    SearchResult result =
        run(needing("bb", "dd"), SearchVariant.RANDOM, chain("aabbccddee")).value().get();

    // Every token of the model is as likely as any other: the scale has no length.
    assertThat(result.inverted()).isTrue();
  }

  @Test
  void resamplingLeavesItsScoresWithTheResult() {
    SearchResult.Core core =
        run(needing("bb", "dd"), SearchVariant.RESAMPLING, chain("aabbccddee"))
            .value()
            .get()
            .cores()
            .getFirst();

    assertThat(core.scores().byName().keySet())
        .contains(
            "resampling_importance_kl", "resampling_noise_floor_kl", "resampling_entropy_before")
        .hasSize(5);
  }

  @Test
  void aChainWithoutARankingIsLeftOutAndNotSearchedByChance() {
    assertThat(
            search(needing("bb", "dd"), chain -> Optional.empty(), SearchVariant.RANKING)
                .run(List.of(chain("aabbccddee")))
                .getFirst()
                .reason())
        .contains(SkipReason.UNRANKED);
  }

  private static PretendModel needing(String... steps) {
    return new PretendModel(text -> Arrays.stream(steps).allMatch(text::contains), EVEN);
  }

  private static OrSkipped<SearchResult> run(
      PretendModel model, SearchVariant variant, ChainUnderTest chain) {
    return search(model, variant).run(List.of(chain)).getFirst();
  }

  private static CohortSearch search(PretendModel model, SearchVariant... variants) {
    return search(
        model,
        chain -> Optional.of(new StepRankings.Ranking(Mask.of(0, 1), List.of(2, 3, 4))),
        variants);
  }

  private static CohortSearch search(
      PretendModel model, StepRankings rankings, SearchVariant... variants) {
    AnswerParser parser = AnswerParser.named("numeric");
    TokenCosts costs = new TokenCosts();
    AnswerSampling sampling = new AnswerSampling(5, Sampling.temperature(0.6));
    Elicitation elicitation =
        new Elicitation(model, new Elicitation.Wording("= ", "= ", "{answer}", List.of(), 4));
    OwnAnswers ownAnswers = new OwnAnswers(model, elicitation, parser, costs);
    return new CohortSearch(
        new AnswerTester(model, elicitation, parser, sampling, false, costs),
        new PrefixSearch(parser, 0.8, 0.8, false, PrefixSearch.Removal.TESTED, false),
        new Guides(
            model,
            List.of(variants),
            Root.WRITTEN,
            false,
            1,
            rankings,
            new Resampling(
                model,
                new Resampling.Rollouts(4, 2, List.of(), Sampling.temperature(0.6), 0.5),
                ownAnswers,
                costs),
            costs),
        new CoreSearch(0.8, new double[] {0.1, 0.5, 1}, Root.WRITTEN, false),
        false);
  }

  /** A chain of steps of two letters behind the prompt pq. */
  private static ChainUnderTest chain(String letters) {
    List<String> steps = new ArrayList<>();
    for (int i = 0; i < letters.length(); i += 2) {
      steps.add(letters.substring(i, i + 2));
    }
    LetterPairs pairs = new LetterPairs();
    Chain chain = StepTokens.chain(pairs, letters, letters, "pq", false, steps).orElseThrow();
    int[] answer = pairs.encode("= 05", false).ids();
    int[] ask = pairs.encode("= ", false).ids();
    Endings endings = new Endings(ask, ask, answer, answer, answer, 4);
    return new ChainUnderTest(chain, Answer.Rational.of(5), endings, 1);
  }
}
