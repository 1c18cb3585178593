package dev.sonde.probe.stepimportance.rollouts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.probe.stepimportance.PretendModel;
import dev.sonde.testkit.ListedStudy;
import dev.sonde.testkit.SettingsConfig;
import dev.sonde.testkit.WorkersContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RolloutImportanceProbeTest {
  private static WorkersContext run(Map<String, Object> row) {
    RolloutImportanceFactory factory = new RolloutImportanceFactory();
    WorkersContext context =
        new WorkersContext(
            new PretendModel(
                text -> {
                  throw new AssertionError("no model is run");
                },
                (target, source) -> 1),
            Optional.empty(),
            ListedStudy.of("question", List.of(row)),
            () -> factory.create(new SettingsConfig(factory.settings(), Map.of())),
            1);
    context.run();
    return context;
  }

  @Test
  void theChunksOfAProblemHaveThoughtAnchorsFields() {
    WorkersContext context =
        run(
            Map.of(
                "question", "2 + 3?",
                "answer", "5",
                "steps", List.of("Add.", "Done.", "So."),
                "function_tags", List.of("plan, check", "", "x"),
                "rollouts.0.answer", List.of("7", "7", "5"),
                "rollouts.1.answer", List.of("5", "5", "5"),
                "rollouts.2.answer", List.of("5", "5", "")));

    assertThat(context.lines())
        .anyMatch(
            line ->
                line.contains("\"chunk_idx\": 0")
                    && line.contains("\"function_tags\": [\"plan\", \"check\"]")
                    && line.contains("\"resampling_importance_kl\": 0."));
    assertThat(context.reported().metrics())
        .anySatisfy(
            metric -> {
              assertThat(metric.name()).isEqualTo("rollouts.above_floor");
              assertThat(metric.n()).hasValue(2);
            });
  }

  @Test
  void rowsWithoutRolloutsAreToldWhereTheyComeFrom() {
    assertThat(run(Map.of("question", "q", "steps", List.of("a", "b"))).reported().notes())
        .anyMatch(note -> note.contains("chunk_N/solutions.json"));
  }
}
