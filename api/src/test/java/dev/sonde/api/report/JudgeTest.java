package dev.sonde.api.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.report.Claim.Answer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JudgeTest {
  private static final ClaimEvidence QUESTION = ClaimEvidence.of("found", "Is it found?");

  private static Metric figure(double value, double low, double high) {
    return Metric.of("figure", value).interval(low, high);
  }

  /** Well above chance, and tested. */
  private static ClaimEvidence clear() {
    return QUESTION
        .above("accuracy", figure(0.9, 0.85, 0.95), 0.5, "chance")
        .tested("exchanged labels", 0.001, 0.001);
  }

  private static Answer answer(ClaimEvidence evidence) {
    return Judge.judge(evidence).answer();
  }

  @Test
  void whatIsAboveChanceAndTestedHolds() {
    Claim claim = Judge.judge(clear());
    assertThat(claim.answer()).isEqualTo(Answer.YES);
    assertThat(claim.because())
        .containsExactly(
            "p is 0.001 against exchanged labels",
            "accuracy is 0.900 [0.850, 0.950], above 0.500 (chance)");
    assertThat(claim.needed()).isEmpty();
    assertThat(claim.overturn()).contains("something simpler");
  }

  @Test
  void withoutItsOwnTestNothingIsEverYes() {
    Claim claim = Judge.judge(QUESTION.above("accuracy", figure(0.99, 0.98, 1), 0.5, "chance"));
    assertThat(claim.answer()).isEqualTo(Answer.NOT_TESTED);
    assertThat(claim.needed()).containsExactly("a test of just this statement");
    assertThat(claim.overturn()).as("there is no answer yet").isEmpty();
    assertThat(answer(QUESTION.tested("exchanged labels", 0.001, 0.001)))
        .isEqualTo(Answer.NOT_TESTED);
    assertThat(answer(clear().tested("exchanged labels", Double.NaN, 0.001)))
        .isEqualTo(Answer.NOT_TESTED);
  }

  @Test
  void aPThatChanceGivesIsANoAndOneBetweenIsOpen() {
    assertThat(answer(clear().tested("exchanged labels", 0.2, 0.001))).isEqualTo(Answer.NO);
    assertThat(answer(clear().tested("exchanged labels", 0.03, 0.001)))
        .isEqualTo(Answer.CANNOT_BE_TOLD);
    assertThat(answer(clear().tested("exchanged labels", 0.01, 0.001))).isEqualTo(Answer.YES);
  }

  @Test
  void whatCouldNotHaveReachedASmallPCannotBeTold() {
    Claim claim = Judge.judge(clear().tested("exchanged labels", 0.5, 0.02));
    assertThat(claim.answer()).isEqualTo(Answer.CANNOT_BE_TOLD);
    assertThat(claim.needed()).containsExactly("more groups, or more draws");
  }

  @Test
  void pOfNullDrawsCountsTheObservedOneIn() {
    double[] drawn = new double[99];
    drawn[0] = 2;
    assertThat(answer(clear().tested("draws", 1, drawn))).isEqualTo(Answer.CANNOT_BE_TOLD);
    assertThat(answer(clear().tested("draws", 1, new double[99]))).isEqualTo(Answer.YES);
  }

  @Test
  void anIntervalThatReachesAcrossItsLevelIsOpen() {
    ClaimEvidence across =
        QUESTION
            .above("accuracy", figure(0.6, 0.48, 0.7), 0.5, "chance")
            .tested("exchanged labels", 0.001, 0.001);
    assertThat(answer(across)).isEqualTo(Answer.CANNOT_BE_TOLD);
    ClaimEvidence below =
        QUESTION.above("share", figure(0.7, 0.5, 0.9), 0.8, "asked for").testedByItsInterval();
    assertThat(answer(below)).isEqualTo(Answer.NO);
  }

  @Test
  void aPointWithoutAnIntervalCannotBeTold() {
    ClaimEvidence point =
        QUESTION.above("share", Metric.of("share", 0.9), 0.8, "asked for").testedByItsInterval();
    assertThat(answer(point)).isEqualTo(Answer.CANNOT_BE_TOLD);
  }

  @Test
  void aRivalThatReachesAsMuchIsANo() {
    Metric all = figure(1, 1, 1);
    ClaimEvidence both =
        QUESTION
            .above("nested AUROC", all, 0.5, "chance")
            .tested("exchanged labels", 0.001, 0.001)
            .rival("mean token embedding", all, figure(0, 0, 0));
    Claim claim = Judge.judge(both);
    assertThat(claim.answer()).isEqualTo(Answer.NO);
    assertThat(claim.because())
        .containsExactly(
            "mean token embedding: 1.000 [1.000, 1.000]; the difference is 0.000 [0.000, 0.000]");
  }

  @Test
  void everyRivalMustBeBeatenWithTheWholePairedInterval() {
    Metric words = figure(0.7, 0.6, 0.8);
    assertThat(answer(clear().rival("words", words, figure(0.2, 0.1, 0.3)))).isEqualTo(Answer.YES);
    assertThat(answer(clear().rival("words", words, figure(0.2, -0.1, 0.3))))
        .isEqualTo(Answer.CANNOT_BE_TOLD);
    assertThat(answer(clear().rival(new ClaimEvidence.Rival("words", words, Optional.empty()))))
        .isEqualTo(Answer.CANNOT_BE_TOLD);
    assertThat(
            answer(
                clear()
                    .rival("words", words, figure(0.2, 0.1, 0.3))
                    .rival("length", figure(0.6, 0.5, 0.7), figure(-0.1, -0.2, 0))))
        .isEqualTo(Answer.NO);
  }

  @Test
  void theStrongestRivalIsTheOneThatReachesMost() {
    ClaimEvidence two =
        clear()
            .rival("words", figure(0.7, 0.6, 0.8), figure(0.2, 0.1, 0.3))
            .rival("length", figure(0.8, 0.7, 0.9), figure(0.1, 0.05, 0.2));
    assertThat(two.strongest().orElseThrow().name()).isEqualTo("length");
  }

  @Test
  void aHarmAboveItsLimitIsANo() {
    assertThat(answer(clear().atMost("harm", figure(0.05, 0.01, 0.09), 0.1, "allowed")))
        .isEqualTo(Answer.YES);
    assertThat(answer(clear().atMost("harm", figure(0.05, 0.01, 0.2), 0.1, "allowed")))
        .isEqualTo(Answer.CANNOT_BE_TOLD);
    Claim harmed = Judge.judge(clear().atMost("harm", figure(4.45, 4, 5), 0.1, "allowed"));
    assertThat(harmed.answer()).isEqualTo(Answer.NO);
    assertThat(harmed.because())
        .containsExactly("harm is 4.450 [4.000, 5.000], above 0.100 (allowed)");
  }

  @Test
  void dataThatCannotTellAreSaidToWhateverTheFiguresAre() {
    Claim claim =
        Judge.judge(clear().cannotTell("length determines the label", "rows of mixed lengths"));
    assertThat(claim.answer()).isEqualTo(Answer.CANNOT_BE_TOLD);
    assertThat(claim.because()).containsExactly("length determines the label");
    assertThat(claim.needed()).containsExactly("rows of mixed lengths");
  }

  @Test
  void dataThatCannotTellAreSaidToWhateverWasComputed() {
    Claim claim = Judge.judge(QUESTION.cannotTell("two groups", "six groups of each class"));
    assertThat(claim.answer()).isEqualTo(Answer.CANNOT_BE_TOLD);
    assertThat(claim.needed()).containsExactly("six groups of each class");
  }

  @Test
  void whatAsksNothingOrHasNoNameIsRefused() {
    assertThatThrownBy(() -> ClaimEvidence.of("found", "It is found."))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("asks nothing");
    assertThatThrownBy(() -> ClaimEvidence.of("Found it", "Is it found?"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
