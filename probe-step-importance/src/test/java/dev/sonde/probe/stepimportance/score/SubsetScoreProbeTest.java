package dev.sonde.probe.stepimportance.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.InvalidInputException;
import dev.sonde.probe.stepimportance.PretendModel;
import dev.sonde.testkit.ListedStudy;
import dev.sonde.testkit.SettingsConfig;
import dev.sonde.testkit.WorkersContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SubsetScoreProbeTest {
  private static WorkersContext run(Map<String, Object> settings, Map<String, Object> row) {
    Map<String, Object> all = new HashMap<>(settings);
    all.putAll(
        Map.of(
            "parser", "numeric",
            "separator", "",
            "elicitation", "= ",
            "answer_form", "{answer}",
            "stops", List.of()));
    SubsetScoreFactory factory = new SubsetScoreFactory();
    WorkersContext context =
        new WorkersContext(
            new PretendModel(
                text -> text.contains("bb") && text.contains("dd"), (target, source) -> 1),
            Optional.empty(),
            ListedStudy.of(
                "question",
                List.of(row, Map.of("question", "pq", "answer", "no number", "steps", STEPS))),
            () -> factory.create(new SettingsConfig(factory.settings(), all)),
            2);
    context.run();
    return context;
  }

  private static final List<String> STEPS = List.of("aa", "bb", "cc", "dd");
  private static final Map<String, Object> ROW =
      Map.of(
          "question", "pq", "answer", "05", "steps", STEPS, "subsets", List.of("1 3", "0, 1", ""));

  @Test
  void everyStepIsLeftOutOnce() {
    WorkersContext context = run(Map.of(), ROW);

    assertThat(context.lines())
        .anyMatch(
            line -> line.contains("\"steps\": [0, 2, 3]") && line.contains("\"accuracy\": 0.0"))
        .anyMatch(
            line -> line.contains("\"steps\": [1, 2, 3]") && line.contains("\"accuracy\": 1.0"));
    assertThat(context.reported().tables().getFirst().rows().getFirst()).contains("no_answer");
  }

  @Test
  void aRowMayNameItsSubsets() {
    assertThat(run(Map.of("subsets", "rows"), ROW).lines())
        .anyMatch(line -> line.contains("\"steps\": [1, 3]") && line.contains("\"accuracy\": 1.0"))
        .anyMatch(line -> line.contains("\"steps\": [0, 1]") && line.contains("\"accuracy\": 0.0"))
        .anyMatch(line -> line.contains("\"steps\": []"));
  }

  @Test
  void aStepThatTheChainHasNotIsRefusedByItsRow() {
    Map<String, Object> row = new HashMap<>(ROW);
    row.put("subsets", List.of("1 9"));
    assertThatThrownBy(() -> run(Map.of("subsets", "rows"), row))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("'9' in column 'subsets' is no step of a chain of 4");
  }
}
