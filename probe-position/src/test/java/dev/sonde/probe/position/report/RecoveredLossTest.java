package dev.sonde.probe.position.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.report.Claim;
import dev.sonde.api.report.Claim.Answer;
import dev.sonde.probe.position.perturb.RecoveryTest;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecoveredLossTest {
  private static double[] texts(double cost) {
    return IntStream.range(0, 12).mapToDouble(text -> cost * (1 + text % 3 * 0.01)).toArray();
  }

  private static Claim claim(double sum, double position, double uniform) {
    return RecoveredLoss.claim(
            RecoveryTest.of(
                Map.of(
                    "e3", texts(sum),
                    "f", texts(position),
                    "g", texts(position),
                    "shuffled", texts(position),
                    "uniform", texts(uniform))))
        .judged();
  }

  @Test
  void aSumThatKeepsMostOfTheLossDoes() {
    assertThat(claim(8, 48, 50).answer()).isEqualTo(Answer.YES);
  }

  @Test
  void aSumThatIsOnlyBetterThanAShuffledOneDoesNot() {
    Claim claim = claim(27.6, 46, 48.4);
    assertThat(claim.answer()).isEqualTo(Answer.NO);
    assertThat(claim.because())
        .singleElement()
        .asString()
        .contains("0.430")
        .contains("not above 0.800");
  }

  @Test
  void aSumThatDoesNoMoreThanPositionAloneDoesNot() {
    assertThat(claim(5, 4, 50).answer()).isEqualTo(Answer.NO);
  }

  @Test
  void aModelThatLosesNothingWithoutAttentionCannotTell() {
    Claim claim = claim(0.0001, 0.0002, 0.001);
    assertThat(claim.answer()).isEqualTo(Answer.CANNOT_BE_TOLD);
    assertThat(claim.needed()).containsExactly("a model, and texts, for which attention matters");
  }
}
