package dev.sonde.engine.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.model.HookPoint;
import dev.sonde.api.report.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class VerdictTest {
  @Test
  void whatBeatsChanceAndControlsIsDecodableAndSurvives() {
    assertThat(answers(metrics(0.9, 0.001, 0.3, 0.8))).containsExactly("yes", "yes");
  }

  @Test
  void whatIsNotAboveChanceIsNotShown() {
    assertThat(answers(metrics(0.52, 0.001, 0.1, 0.8))).containsExactly("not shown", "–");
    assertThat(answers(metrics(0.9, 0.2, 0.3, 0.8))).containsExactly("not shown", "–");
  }

  @Test
  void whatTheTextAloneReachesIsNoEvidence() {
    List<Metric> metrics = metrics(0.9, 0.001, -0.05, 0.8);
    assertThat(answers(metrics)).containsExactly("yes", "no");
    assertThat(readings(metrics))
        .contains("length alone reaches 0.600")
        .contains("no evidence of 'reasoning'");
  }

  @Test
  void whatConfoundsExplainIsNoEvidence() {
    List<Metric> metrics = metrics(0.9, 0.001, 0.3, 0.5);
    assertThat(answers(metrics)).containsExactly("yes", "no");
    assertThat(readings(metrics)).contains("is left with length and digits taken out");
  }

  @Test
  void withoutAnEvaluationThereIsNoVerdict() {
    assertThat(Verdict.of(List.of(Metric.of("direction.norm", 1)))).isEmpty();
  }

  @Test
  void aProbeAddsClaimsOfItsOwn() {
    List<Metric> metrics = metrics(0.9, 0.001, 0.3, 0.8);
    metrics.add(Metric.of("verdict.steers", 1).where("because", "8 nats"));
    metrics.add(Metric.of("verdict.holds_elsewhere", 0).where("because", "0 nats"));
    assertThat(answers(metrics)).containsExactly("yes", "yes", "yes", "not shown");
    assertThat(readings(metrics)).endsWith("8 nats; 0 nats");
  }

  private static List<String> answers(List<Metric> metrics) {
    return Verdict.of(metrics).stream().map(Headline.Line::value).toList();
  }

  private static String readings(List<Metric> metrics) {
    return Verdict.of(metrics).stream()
        .map(Headline.Line::reading)
        .collect(Collectors.joining("; "));
  }

  private static List<Metric> metrics(double nested, double p, double margin, double residual) {
    HookPoint point = HookPoint.of(1, "hook_resid_post");
    List<Metric> metrics = new ArrayList<>();
    metrics.add(interval("auroc", nested).at(point).where("method", "m").where("split", "grouped"));
    metrics.add(interval("auroc.nested", nested).where("positive", "reasoning"));
    metrics.add(Metric.of("p.max_over_layers", p).where("method", "m"));
    metrics.add(Metric.of("baseline.length", 0.6));
    metrics.add(interval("auroc.margin", margin).where("over", "length"));
    metrics.add(
        interval("auroc.residualised", residual)
            .where("method", "m")
            .where("confounds", "length,digits"));
    return metrics;
  }

  private static Metric interval(String name, double value) {
    return Metric.of(name, value).interval(value - 0.04, value + 0.04);
  }
}
