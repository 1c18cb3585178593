package dev.sonde.engine.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.report.Claim;
import dev.sonde.api.report.Claim.Answer;
import dev.sonde.api.report.ClaimEvidence;
import dev.sonde.api.report.Metric;
import dev.sonde.engine.evaluate.Evaluated;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EvaluationClaimsTest {
  @Test
  void whatBeatsChanceAndRivalsIsDecodableAndMoreThanThem() {
    assertThat(answers(evaluated(0.9, 0, 0.3, 0.8)))
        .containsExactly(Answer.YES, Answer.YES, Answer.YES);
  }

  @Test
  void pairsAreToldApartIfTheirAccuracyBeatsExchangedLabels() {
    assertThat(pairs(0.9, 0)).isEqualTo(Answer.YES);
    assertThat(pairs(0.9, 2)).isEqualTo(Answer.CANNOT_BE_TOLD);
    assertThat(pairs(0.52, 0)).isEqualTo(Answer.CANNOT_BE_TOLD);
    assertThat(pairs(0.48, 0)).isEqualTo(Answer.NO);
    assertThat(pairs(0.9, 50)).isEqualTo(Answer.NO);
  }

  @Test
  void aLabelIsErasedIfNoDecoderFindsItAgainAndErasingAnotherDoesNotDoAsMuch() {
    assertThat(erased(0.52, 0.48, 0.4, 0)).isEqualTo(Answer.YES);
    assertThat(erased(0.7, 0.48, 0.2, 0)).as("a decoder finds it").isEqualTo(Answer.NO);
    assertThat(erased(0.52, 0.3, 0.4, 0)).as("read the other way").isEqualTo(Answer.NO);
    assertThat(erased(0.58, 0.48, 0.4, 0)).as("perhaps").isEqualTo(Answer.CANNOT_BE_TOLD);
    assertThat(erased(0.52, 0.48, 0.02, 0)).as("nothing lost").isEqualTo(Answer.CANNOT_BE_TOLD);
    assertThat(erased(0.52, 0.48, 0.4, 60)).as("any direction").isEqualTo(Answer.NO);
  }

  private static Answer erased(double most, double least, double lost, int reached) {
    Evaluated evaluated =
        new Findings()
            .tried("m", 1, 0.9)
            .nested(0.9)
            .erased(most, least, lost, reached)
            .evaluated();
    return EvaluationClaims.of(evaluated).stream()
        .filter(claim -> claim.name().equals("erased_by_leace"))
        .findFirst()
        .orElseThrow()
        .judged()
        .answer();
  }

  private static Answer pairs(double accuracy, int reached) {
    Evaluated evaluated =
        new Findings()
            .tried("m", 1, accuracy)
            .nested(accuracy)
            .pairs(accuracy, reached)
            .evaluated();
    return EvaluationClaims.of(evaluated).stream()
        .filter(claim -> claim.name().equals("tells_pairs_apart"))
        .findFirst()
        .orElseThrow()
        .judged()
        .answer();
  }

  @Test
  void whatChanceGivesIsNotDecodable() {
    assertThat(answers(evaluated(0.52, 20, 0.1, 0.8)))
        .containsExactly(Answer.NO, Answer.NO, Answer.YES);
    assertThat(answers(evaluated(0.9, 20, 0.3, 0.8)))
        .containsExactly(Answer.NO, Answer.NO, Answer.YES);
  }

  @Test
  void aPBetweenOneAndFivePercentIsNotYetAYes() {
    assertThat(answers(evaluated(0.9, 2, 0.3, 0.8)))
        .containsExactly(Answer.CANNOT_BE_TOLD, Answer.CANNOT_BE_TOLD, Answer.YES);
  }

  @Test
  void whatTheTextAloneReachesIsNoMoreThanIt() {
    Evaluated evaluated = evaluated(0.9, 0, -0.05, 0.8);
    assertThat(answers(evaluated)).containsExactly(Answer.YES, Answer.NO, Answer.YES);
    assertThat(reasons(evaluated)).contains("length: 0.600 [0.560, 0.640]");
  }

  @Test
  void aRivalThatTheMarginKnowsNothingOfIsNotPassedOver() {
    Evaluated evaluated =
        new Findings()
            .tried("m", 1, 1)
            .nested(1)
            .permutations("m", 1, 0)
            .embeddingMean(1)
            .margin(0.3)
            .evaluated();
    assertThat(answers(evaluated)).containsExactly(Answer.YES, Answer.CANNOT_BE_TOLD);
    assertThat(reasons(evaluated)).contains("the mean of the token embeddings: 1.000");
  }

  @Test
  void whatConfoundsExplainIsNotThereBesideThem() {
    Evaluated evaluated = evaluated(0.9, 0, 0.3, 0.5);
    assertThat(answers(evaluated)).containsExactly(Answer.YES, Answer.YES, Answer.NO);
    assertThat(EvaluationClaims.of(evaluated).getLast().question())
        .contains("with length and digits taken out");
  }

  @Test
  void whatLabelsWithLikeConfoundsReachAsWellIsNotThereBesideThem() {
    ClaimEvidence claim =
        EvaluationClaims.of(
                new Findings().tried("m", 1, 0.9).nested(0.9).beside(0.8, 20).evaluated())
            .getLast();
    assertThat(claim.judged().answer()).isEqualTo(Answer.NO);
    assertThat(claim.judged().because().getFirst())
        .contains("p is 0.210 against labels exchanged so that length and digits tell as much");
  }

  @Test
  void whereNoDecoderCouldBeTestedBesideConfoundsTheQuestionIsPutAllTheSame() {
    assertThat(
            EvaluationClaims.of(
                    new Findings().tried("m", 1, 0.9).nested(0.9).notBeside().evaluated())
                .getLast()
                .judged()
                .answer())
        .isEqualTo(Answer.NOT_TESTED);
  }

  @Test
  void aDecoderWithoutATestLeavesTheChoiceUntested() {
    Evaluated evaluated =
        new Findings()
            .tried("m", 1, 0.9)
            .tried("logistic", 1, 0.95)
            .nested(0.9)
            .permutations("m", 0.9, 0)
            .evaluated();
    assertThat(answers(evaluated).getFirst()).isEqualTo(Answer.NOT_TESTED);
  }

  @Test
  void theTestOfAClaimIsThatOfAllDecodersThatMayBeChosen() {
    Evaluated evaluated =
        new Findings()
            .tried("m", 1, 0.9)
            .tried("logistic", 1, 0.95)
            .nested(0.9)
            .permutations(List.of("m", "logistic"), 0.9, 0)
            .evaluated();
    ClaimEvidence test = EvaluationClaims.of(evaluated).getFirst();
    assertThat(test.p()).hasValue(0.01);
    assertThat(test.smallest()).hasValue(0.01);
  }

  @Test
  void aProbeAddsClaimsOfItsOwnBehindThoseOfTheEvaluation() {
    SectionWriter section = new SectionWriter();
    section.claim(ClaimEvidence.of("steers", "Does it steer?"));
    section.evaluated(evaluated(0.9, 0, 0.3, 0.8));
    Section finished = section.finish("p", "x", Section.Status.OK);
    assertThat(finished.claims())
        .extracting(claim -> claim.evidence().name())
        .containsExactly("decodable", "more_than_rivals", "beside_confounds", "steers");
    assertThat(finished.claims().getLast().answer()).isEqualTo(Answer.NOT_TESTED);
    assertThat(finished.question()).contains("'reasoning'");
  }

  @Test
  void aSecondEvaluationHasClaimsOfItsOwn() {
    SectionWriter section = new SectionWriter();
    section.evaluated(evaluated(0.9, 0, 0.3, 0.8));
    section.evaluated(evaluated(0.9, 0, 0.3, 0.8));
    assertThat(section.finish("p", "x", Section.Status.OK).claims())
        .extracting(claim -> claim.evidence().name())
        .doesNotHaveDuplicates()
        .hasSize(6);
  }

  @Test
  void aProbeCannotWriteAnAnswerNorPutAClaimTwice() {
    SectionWriter section = new SectionWriter();
    assertThatThrownBy(() -> section.metric(Metric.of("verdict.steers", 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("report.claim");
    section.claim(ClaimEvidence.of("steers", "Does it steer?"));
    assertThatThrownBy(() -> section.claim(ClaimEvidence.of("steers", "Does it steer?")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("there already");
  }

  private static List<Answer> answers(Evaluated evaluated) {
    return EvaluationClaims.of(evaluated).stream()
        .map(ClaimEvidence::judged)
        .map(Claim::answer)
        .toList();
  }

  private static String reasons(Evaluated evaluated) {
    return EvaluationClaims.of(evaluated).stream()
        .map(ClaimEvidence::judged)
        .flatMap(claim -> claim.because().stream())
        .collect(Collectors.joining("; "));
  }

  /** A figure that so many of 99 exchanged labelings reach, beside what it must beat. */
  private static Evaluated evaluated(double nested, int reached, double margin, double residual) {
    return new Findings()
        .tried("m", 1, nested)
        .nested(nested)
        .permutations("m", nested, reached)
        .beside(residual, 0)
        .length(0.6)
        .margin(margin)
        .evaluated();
  }
}
