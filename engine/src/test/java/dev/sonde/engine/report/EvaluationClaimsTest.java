package dev.sonde.engine.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.report.Metric;
import dev.sonde.engine.evaluate.Evaluated;
import dev.sonde.engine.report.Claim.Answer;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class VerdictTest {
  @Test
  void whatBeatsChanceAndControlsIsDecodableAndSurvives() {
    assertThat(answers(evaluated(0.9, 1, 0.3, 0.8))).containsExactly(Answer.YES, Answer.YES);
  }

  @Test
  void whatIsNotAboveChanceIsNotShown() {
    assertThat(answers(evaluated(0.52, 1, 0.1, 0.8)))
        .containsExactly(Answer.NOT_SHOWN, Answer.POINTLESS);
    assertThat(answers(evaluated(0.9, 20, 0.3, 0.8)))
        .containsExactly(Answer.NOT_SHOWN, Answer.POINTLESS);
  }

  @Test
  void whatTheTextAloneReachesIsNoEvidence() {
    Evaluated evaluated = evaluated(0.9, 1, -0.05, 0.8);
    assertThat(answers(evaluated)).containsExactly(Answer.YES, Answer.NO);
    assertThat(reasons(evaluated))
        .contains("length alone reaches 0.600")
        .contains("no evidence of 'reasoning'");
  }

  @Test
  void whatConfoundsExplainIsNoEvidence() {
    Evaluated evaluated = evaluated(0.9, 1, 0.3, 0.5);
    assertThat(answers(evaluated)).containsExactly(Answer.YES, Answer.NO);
    assertThat(reasons(evaluated)).contains("is left with length and digits taken out");
  }

  @Test
  void theNumbersBehindAnAnswerAreSaid() {
    assertThat(reasons(evaluated(0.9, 1, 0.3, 0.8)))
        .startsWith(
            "nested 0.900 [0.860, 0.940] on groups never seen, p 0.020 against exchanged labels;");
  }

  @Test
  void aProbeAddsClaimsOfItsOwnBehindThoseOfTheEvaluation() {
    SectionWriter section = new SectionWriter();
    section.metric(Metric.of("verdict.steers", 1).where("because", "8 nats"));
    section.evaluated(evaluated(0.9, 1, 0.3, 0.8));
    section.metric(Metric.of("verdict.holds_elsewhere", 0).where("because", "0 nats"));
    List<Claim> claims = section.finish("p", "x", Section.Status.OK).claims();
    assertThat(claims)
        .extracting(Claim::statement)
        .containsExactly("decodable", "survives controls", "steers", "holds elsewhere");
    assertThat(claims.get(2)).isEqualTo(new Claim("steers", Answer.YES, "8 nats"));
    assertThat(claims.get(3)).isEqualTo(new Claim("holds elsewhere", Answer.NOT_SHOWN, "0 nats"));
  }

  private static List<Answer> answers(Evaluated evaluated) {
    return Verdict.of(evaluated).stream().map(Claim::answer).toList();
  }

  private static String reasons(Evaluated evaluated) {
    return Verdict.of(evaluated).stream().map(Claim::because).collect(Collectors.joining("; "));
  }

  /** A figure that so many of 99 exchanged labelings reach, beside what it must beat. */
  private static Evaluated evaluated(double nested, int reached, double margin, double residual) {
    return new Findings()
        .tried("m", 1, nested)
        .nested(nested)
        .permutations("m", nested, reached)
        .residualised("m", residual)
        .length(0.6)
        .margin(margin)
        .evaluated();
  }
}
