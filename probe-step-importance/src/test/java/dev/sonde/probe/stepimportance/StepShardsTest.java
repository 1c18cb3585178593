package dev.sonde.probe.stepimportance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.probe.Probe;
import dev.sonde.testkit.ListedStudy;
import dev.sonde.testkit.SettingsConfig;
import dev.sonde.testkit.WorkersContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StepShardsTest {
  private static final int ROWS = 20;

  private static Probe probe() {
    StepImportanceFactory factory = new StepImportanceFactory();
    return factory.create(
        new SettingsConfig(
            factory.settings(),
            Map.ofEntries(
                Map.entry("parser", "numeric"),
                Map.entry("separator", ""),
                Map.entry("elicitation", "= "),
                Map.entry("answer_form", "{answer}"),
                Map.entry("stops", List.of()),
                Map.entry("variants", List.of("random", "resampling")),
                Map.entry("root", "written"),
                Map.entry("probe", "linear"),
                Map.entry("epochs", 2),
                Map.entry("cohort", 3))));
  }

  /** A model that needs the steps b and d, and rows of which one has too few steps. */
  private static WorkersContext run(int workers) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      char letter = (char) ('k' + row % 5);
      List<String> steps =
          row == 7 ? List.of("bb") : List.of("aa", "bb", "" + letter + letter, "cc", "dd", "ee");
      rows.add(Map.of("question", "q" + letter, "answer", "05", "steps", steps));
    }
    WorkersContext context =
        new WorkersContext(
            new PretendModel(
                text -> text.contains("bb") && text.contains("dd"), (target, source) -> 1),
            Optional.of(new PretendModel(text -> false, (target, source) -> 1)),
            ListedStudy.of("question", rows),
            StepShardsTest::probe,
            workers);
    context.run();
    return context;
  }

  @Test
  void shardsThatOneThreeOrSixteenProbesComputedGiveTheSameReport() {
    WorkersContext one = run(1);

    assertThat(one.computed())
        .contains("cohorts/rows-00000", "cohorts/rows-00018", "activations-full/steps-000000")
        .anyMatch(shard -> shard.startsWith("activations-fresh/"));
    assertThat(one.computed().stream().filter(shard -> shard.startsWith("activations-full/")))
        .hasSizeGreaterThan(3);
    assertThat(one.reported().metrics())
        .anySatisfy(
            metric -> {
              assertThat(metric.name()).isEqualTo("chains.used");
              assertThat(metric.value()).hasValue(ROWS - 1);
            })
        .anyMatch(metric -> metric.name().equals("probe.accuracy"));
    assertThat(run(3).lines()).isEqualTo(one.lines());
    assertThat(run(16).lines()).isEqualTo(one.lines());
  }

  @Test
  void whatShardsCostAddsUpWhoeverComputedThem() {
    assertThat(run(2).costs())
        .isEqualTo(run(1).costs())
        .containsKeys("cost.forward_tokens", "cost.generated_tokens");
  }
}
