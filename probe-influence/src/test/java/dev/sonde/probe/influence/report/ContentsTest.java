package dev.sonde.probe.influence.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.report.Metric;
import dev.sonde.probe.influence.read.Row;
import dev.sonde.probe.influence.read.TokenizedText;
import dev.sonde.probe.influence.score.MadeRankings;
import dev.sonde.testkit.RecordedReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContentsTest {
  private final List<TokenizedText> documents =
      List.of(
          item("a", "what is 1 + 2 = 3 ?", Map.of("relation", List.of("add"))),
          item("b", "3 * 4 = 12", Map.of("relation", List.of("times"))),
          item("c", "7 + 8 = 15", Map.of("relation", List.of("add"))));

  private static TokenizedText item(String id, String text, Map<String, List<String>> columns) {
    return new TokenizedText(new Row(id, text, columns), text, new int[] {0, 1}, 1);
  }

  private RecordedReport report(List<String> answers, double... scores) {
    Map<String, List<String>> columns = Map.of("answers", answers, "relation", List.of("add"));
    Contents contents = new Contents(List.of(item("q", "?", columns)), documents, 2);
    RecordedReport report = new RecordedReport();
    contents.report(
        report, Map.of("sum", List.of(0)), Map.of("influence", MadeRankings.of(scores)));
    return report;
  }

  private static Map<String, Double> metrics(RecordedReport report) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (Metric metric : report.metrics()) {
      values.put(metric.name() + " " + metric.where().get("among"), metric.value().orElseThrow());
    }
    return values;
  }

  @Test
  void everyAnswerMustStandInSomeDocumentOfTheTop() {
    assertThat(metrics(report(List.of("1 + 2 = 3", "3 * 4 = 12"), 3, 2, 1)))
        .containsEntry("answers.held influence", 1.0);
    assertThat(metrics(report(List.of("1 + 2 = 3", "3 * 4 = 12"), 3, 1, 2)))
        .containsEntry("answers.held influence", 0.0)
        .containsEntry("answers.held all documents", 1.0);
  }

  @Test
  void workedExamplesAreOfTheRelationAndHoldNoAnswer() {
    assertThat(metrics(report(List.of("1 + 2 = 3"), 3, 1, 2)))
        .containsEntry("procedures.held influence", 0.5)
        .containsEntry("procedures.held all documents", 1.0 / 3);
  }

  @Test
  void queriesWithoutTheColumnsHaveNoFigures() {
    RecordedReport report = new RecordedReport();
    new Contents(List.of(item("q", "?", Map.of())), documents, 1)
        .report(report, Map.of("any", List.of(0)), Map.of());
    assertThat(report.metrics()).isEmpty();
  }

  @Test
  void phrasesMustAllStandInOneTextAsWholeWordsInAnyOrderAndCase() {
    assertThat(Contents.holds("the capital of france is paris .", "Paris … capital")).isTrue();
    assertThat(Contents.holds("comparisons of capitals", "paris")).isFalse();
    assertThat(Contents.holds("say 12 + 3 = 15", "2 + 3 = 15")).isFalse();
    assertThat(Contents.holds("12 + 3 = 15 , 2 + 3 = 15 .", "2 + 3 = 15")).isTrue();
  }
}
