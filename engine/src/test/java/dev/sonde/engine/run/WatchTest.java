package dev.sonde.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.evaluate.ScorerForm;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Sampling;
import dev.sonde.api.model.Selector;
import dev.sonde.engine.experiment.Experiment.ModelPart;
import dev.sonde.engine.fitted.FittedBy;
import dev.sonde.engine.fitted.ProbeFile;
import dev.sonde.engine.fitted.SavedProbe;
import dev.sonde.engine.host.Folders;
import dev.sonde.engine.tools.SteeredGeneration.Change;
import dev.sonde.engine.tools.SteeredGeneration.Continuation;
import dev.sonde.engine.tools.WatchedGeneration;
import dev.sonde.engine.tools.WatchedGeneration.Then;
import dev.sonde.engine.tools.WatchedGeneration.Watch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A probe watches a model whose state tells how many tokens there are before the next. */
class WatchTest {
  @TempDir Path folder;

  private final FakePlugin plugin = new FakePlugin(context -> {});
  private final List<String> warnings = new ArrayList<>();

  @BeforeEach
  void writeProbe() throws IOException {
    Files.writeString(Files.createDirectories(folder.resolve("model")).resolve("words"), "");
    ProbeFile.write(
        folder.resolve("count.json"),
        new SavedProbe(
            "count",
            "counts tokens",
            true,
            new FittedBy("means", "fake/means", "1", Map.of()),
            ScorerForm.linear(new double[] {1, 0, 0, 0}, 0),
            new SavedProbe.Reading(HookPoint.of(1, "hook_resid_post"), Selector.last(), "none", 4),
            "many",
            "few",
            false,
            Optional.empty(),
            List.of(),
            Map.of(),
            Map.of("text", "text"),
            Map.of(),
            Map.of(),
            List.of()));
  }

  /** The prompt has three tokens, so that the first state tells 3. */
  private WatchedGeneration.Result watched(
      double above, Then then, int tokens, double temperature) {
    return new WatchedGeneration(
            plugin.registry(),
            new Folders(folder, List.of(), folder.resolve("cache"), Map.of()),
            new Warnings(warnings))
        .of(
            new ModelPart("model", folder, "fake", "float32", Optional.empty()),
            new Watch(folder.resolve("count.json"), OptionalDouble.of(above), then, true),
            Optional.<Change>empty(),
            new Continuation("ask now", tokens, Sampling.temperature(temperature), 1));
  }

  @Test
  void aNoteChangesNothing() {
    WatchedGeneration.Result result = watched(10.5, Then.NOTE, 17, 0);
    assertThat(result.steps()).hasSize(17);
    assertThat(result.fired()).hasValue(8);
    assertThat(result.steps().get(8).score()).isEqualTo(11);
    assertThat(plugin.generated()).containsExactly(17);
  }

  @Test
  void aTextThatStopsEndsBeforeTheTokenThatWasPredictedFromTheStateThatFired() {
    WatchedGeneration.Result result = watched(10.5, Then.STOP, 17, 0);
    assertThat(result.steps()).extracting(WatchedGeneration.Step::text).endsWith("<10>").hasSize(8);
    assertThat(plugin.generated()).as("little is written behind the end").containsExactly(16);
  }

  @Test
  void partsOfAGreedyTextAreOneText() {
    WatchedGeneration.Result result = watched(1000, Then.STOP, 17, 0);
    assertThat(result.fired()).isEmpty();
    assertThat(result.steps()).hasSize(17);
    assertThat(result.steps().getLast().text()).isEqualTo("<19>");
    assertThat(plugin.generated()).containsExactly(16, 1);
  }

  @Test
  void aDrawnTextIsWrittenWholeAndCut() {
    WatchedGeneration.Result result = watched(10.5, Then.STOP, 17, 0.7);
    assertThat(result.steps()).hasSize(8);
    assertThat(plugin.generated()).containsExactly(17);
  }

  @Test
  void steeringNeedsADirection() {
    assertThatThrownBy(() -> watched(10.5, Then.STEER, 17, 0))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("--control-vector");
  }
}
