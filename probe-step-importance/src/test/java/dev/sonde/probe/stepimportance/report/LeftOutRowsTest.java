package dev.sonde.probe.stepimportance.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.report.Table;
import dev.sonde.probe.stepimportance.chain.LeftOut;
import dev.sonde.probe.stepimportance.chain.OrSkipped;
import dev.sonde.probe.stepimportance.chain.SkipReason;
import dev.sonde.probe.stepimportance.cohort.RowOutcome;
import dev.sonde.testkit.ListedStudy;
import dev.sonde.testkit.RecordedReport;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LeftOutRowsTest {
  private final LeftOutRows rows =
      new LeftOutRows(
          ListedStudy.of("question", List.of(Map.of("question", "a"), Map.of("question", "b"))),
          List.of(
              new RowOutcome(
                  0,
                  OrSkipped.skipped(
                      new LeftOut(
                          SkipReason.NEVER_REACHED,
                          "behind the whole chain 1 of 5 answers are right; accepted is 5",
                          List.of("5}", "7}", "7}", "\n7}", "?"))),
                  "5"),
              new RowOutcome(1, OrSkipped.skipped(SkipReason.ONE_STEP), "")));

  @Test
  void aRowIsNamedWithItsReasonWhatWasMeasuredAndTheAnswers() {
    RecordedReport report = new RecordedReport();
    rows.report(report);

    Table table = report.tables().getFirst();
    assertThat(table.rows().getFirst())
        .containsExactly(
            "row-0",
            "never_reached",
            "behind the whole chain 1 of 5 answers are right; accepted is 5",
            "5} | 7} ×3 | ?");
    assertThat(table.rows().getLast()).containsExactly("row-1", "one_step", "", "");
    assertThat(report.notes())
        .anyMatch(note -> note.contains("row-0") && note.contains("answer: own"))
        .anyMatch(note -> note.contains("row-1") && note.contains("segmentation"));
  }

  @Test
  void theArtifactHasTheAnswersAsTheyWereWritten() {
    assertThat(rows.lines().lines().toList())
        .hasSize(2)
        .first()
        .asString()
        .contains("\"id\": \"row-0\"", "\"reason\": \"never_reached\"", "\"\\n7}\"");
  }
}
