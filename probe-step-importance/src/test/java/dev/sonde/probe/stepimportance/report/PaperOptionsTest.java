package dev.sonde.probe.stepimportance.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.probe.stepimportance.StepImportancePlugin;
import dev.sonde.testkit.SettingsConfig;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PaperOptionsTest {
  private static List<List<Object>> rows(Map<String, Object> settings, String labels) {
    SettingsConfig config =
        new SettingsConfig(new StepImportancePlugin().probes().getFirst().settings(), settings);
    return new PaperOptions(config, labels, true).rows();
  }

  @Test
  void theDefaultsAreThePapers() {
    assertThat(rows(Map.of(), "activation")).isEmpty();
  }

  @Test
  void everyOtherOptionIsNamedWithThePapersValueAndTheCodes() {
    assertThat(rows(Map.of("root", "written", "tau", 0.4, "thetas", List.of(0.5)), "random"))
        .containsExactlyInAnyOrder(
            List.of("root", "written", "last_step", "answer"),
            List.of("tau", "0.4", "0.8", "the same"),
            List.of(
                "thetas",
                "0.5",
                "0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0",
                "0, 0.01, 0.05, 0.1 … 0.99"),
            List.of("labels_of", "random", "activation", "the same"));
  }
}
