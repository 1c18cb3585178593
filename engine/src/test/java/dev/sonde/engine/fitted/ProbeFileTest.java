package dev.sonde.engine.fitted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.evaluate.ScorerForm;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Selector;
import dev.sonde.engine.fitted.SavedProbe.KeptThreshold;
import dev.sonde.engine.fitted.SavedProbe.Reading;
import dev.sonde.statistics.IsotonicCurve;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProbeFileTest {
  @TempDir Path folder;

  private static SavedProbe probe(boolean chosen) {
    return new SavedProbe(
        "direction.means",
        "a fit",
        chosen,
        new FittedBy("means", "fake/means", "1", Map.of("penalty", 0.5)),
        ScorerForm.linear(new double[] {1.5, -2, 1 / 3.0}, 0.25)
            .tensor("more", Matrix.of(Matrix.Type.FLOAT32, new double[][] {{1, 2}, {3, 4}})),
        new Reading(
            HookPoint.of(2, "hook_resid_post"), Selector.index(-2), "none", 3, "max", "all"),
        "reasoning",
        "memory",
        false,
        Optional.of(
            new ProbabilityCurve.Isotonic(
                new IsotonicCurve(new double[] {0, 1}, new double[] {0.25, 0.75}))),
        List.of(new KeptThreshold(0.05, 0.7, 0.04, Double.NaN, 0.09, 0.5)),
        Map.of("sha256", "00"),
        Map.of("text", "text"),
        Map.of("rows", 40L),
        Map.of(),
        List.of(Map.of("question", "Is it?", "answer", "yes")));
  }

  @Test
  void settingsOfADecoderKeepTheirOrderSoThatACardHasTheSameBytesInEachProcess() {
    Map<String, Object> settings = new LinkedHashMap<>();
    for (int i = 9; i > 0; i--) {
      settings.put("setting" + i, (long) i);
    }

    FittedBy by = new FittedBy("ridge", "plugin/ridge", "1", settings);

    assertThat(by.settings().keySet()).containsExactlyElementsOf(settings.keySet());
  }

  @Test
  void aProbeIsReadAsItWasWritten() throws IOException {
    Path card = folder.resolve("p.json");
    ProbeFile.write(card, probe(true));
    SavedProbe read = ProbeFile.read(folder.resolve("p.safetensors"));
    assertThat(read.name()).isEqualTo("direction.means");
    assertThat(read.reading()).isEqualTo(probe(true).reading());
    assertThat(read.form().tensor("weights").row(0)).containsExactly(1.5, -2, 1 / 3.0);
    assertThat(read.form().tensor("more").row(1)).containsExactly(3, 4);
    assertThat(read.by()).isEqualTo(probe(true).by());
    assertThat(read.curve().orElseThrow().probability(0.5)).isEqualTo(0.5);
    assertThat(read.threshold(0.05).low()).isNaN();
    assertThat(read.verdict()).isEqualTo(probe(true).verdict());
  }

  @Test
  void aRateWithoutThresholdIsRefusedWithThoseThereAre() {
    assertThatThrownBy(() -> probe(true).threshold(0.01))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("[0.05]");
  }

  @Test
  void tensorsThatAreNotThoseOfTheCardAreRefused() throws IOException {
    Path card = folder.resolve("p.json");
    ProbeFile.write(card, probe(true));
    Path tensors = folder.resolve("p.safetensors");
    byte[] bytes = Files.readAllBytes(tensors);
    bytes[bytes.length - 1] ^= 1;
    Files.write(tensors, bytes);
    assertThatThrownBy(() -> ProbeFile.read(card))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("is not the file that its card");
  }

  @Test
  void nothingThatIsThereIsReplaced() throws IOException {
    Path card = folder.resolve("p.json");
    ProbeFile.write(card, probe(true));
    assertThatThrownBy(() -> ProbeFile.write(card, probe(false)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("exists already");
  }

  @Test
  void aRunStandsForTheProbeThatItChose() throws IOException {
    Path artifacts = Files.createDirectories(folder.resolve("run/artifacts"));
    ProbeFile.write(artifacts.resolve("direction.fitted.lda.json"), probe(false));
    ProbeFile.write(artifacts.resolve("direction.fitted.means.json"), probe(true));
    Files.writeString(artifacts.resolve("direction.section.json"), "{}");
    assertThat(ProbeFile.read(folder.resolve("run")).chosen()).isTrue();
    ProbeFile.write(artifacts.resolve("other.fitted.means.json"), probe(true));
    assertThatThrownBy(() -> ProbeFile.read(folder.resolve("run")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("several evaluations")
        .hasMessageContaining("other.fitted.means.json");
  }

  @Test
  void whatIsNoCardIsRefusedByName() throws IOException {
    Path other = Files.writeString(folder.resolve("x.json"), "{\"format\": \"another\"}");
    assertThatThrownBy(() -> ProbeFile.read(other))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("sonde-probe-1");
    assertThatThrownBy(() -> ProbeFile.read(folder.resolve("none.json")))
        .isInstanceOf(InvalidInputException.class);
  }
}
