package dev.sonde.probe.position;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.probe.Probe;
import dev.sonde.testkit.ListedStudy;
import dev.sonde.testkit.SettingsConfig;
import dev.sonde.testkit.WorkersContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PositionShardsTest {
  private static final int WINDOW = 16;

  /** Two shards of a model. */
  private static final int TEXTS = 4096 / WINDOW + 1;

  private static final WorkersContext ONE = run(1);

  private static Probe probe() {
    PositionProbeFactory factory = new PositionProbeFactory();
    return factory.create(
        new SettingsConfig(
            factory.settings(),
            Map.of(
                "window", WINDOW,
                "texts", TEXTS,
                "perturbed_texts", TEXTS,
                "fractions", List.of(0.0, 0.5))));
  }

  private static WorkersContext run(int workers) {
    Random letters = new Random(4);
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int row = 0; row < TEXTS; row++) {
      StringBuilder text = new StringBuilder();
      letters.ints(WINDOW, 'a', 'z').forEach(text::appendCodePoint);
      rows.add(Map.of("text", text.toString()));
    }
    WorkersContext context =
        new WorkersContext(
            new PretendModel(1),
            Optional.of(new PretendModel(2)),
            ListedStudy.of("text", rows),
            PositionShardsTest::probe,
            workers);
    context.run();
    return context;
  }

  @Test
  void shardsThatOneThreeOrSixteenProbesComputedGiveTheSameReport() {
    assertThat(ONE.computed())
        .contains("heads/trained-00000", "heads/random_init-00256")
        .contains("perturbed-texts/trained-jitter-00256")
        .contains("perturbed-texts/random_init-substitution-00000")
        .contains("perturbed-texts/trained-length-00000")
        .contains("first-order/trained-00256", "perturbed-heads/trained-substituted_heads-00256")
        .doesNotContain("perturbed-texts/random_init-length-00000")
        .doesNotContain("perturbed-texts/random_init-order-00000");
    assertThat(ONE.reported().notes()).noneMatch(note -> note.contains("left out"));
    assertThat(run(3).lines()).isEqualTo(ONE.lines());
    assertThat(run(16).lines()).isEqualTo(ONE.lines());
  }

  @Test
  void aPerturbationOfNothingChangesNothing() {
    assertThat(ONE.reported().metrics())
        .filteredOn(metric -> metric.name().equals("perplexity.ratio"))
        .filteredOn(metric -> Double.valueOf(0).equals(metric.where().get("fraction")))
        .hasSize(3)
        .allSatisfy(metric -> assertThat(metric.value()).hasValue(1));
  }
}
