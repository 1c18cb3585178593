package dev.sonde.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.Artifact;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactFileTest {
  @TempDir Path folder;

  @Test
  void anArtifactIsReadBackAsItWasWrittenWhateverTheOrderOfItsParts() throws IOException {
    Artifact written =
        Artifact.builder()
            .text("note", "π is 3.14159…")
            .text("empty", "")
            .tensor("odd", Matrix.of(Matrix.Type.FLOAT32, new double[][] {{1, 2, 3}}))
            .tensor("exact", Matrix.of(Matrix.Type.FLOAT64, new double[][] {{0.1}, {Math.E}}))
            .integers("ids", Long.MIN_VALUE, -1, 0, Long.MAX_VALUE)
            .integers("none")
            .build();
    Path file = folder.resolve("a.safetensors");
    ArtifactFile.write(file, 3, written);
    Artifact read = ArtifactFile.read(file, 3).orElseThrow();
    assertThat(read.texts()).containsExactlyInAnyOrderEntriesOf(written.texts());
    assertThat(read.integers("ids")).containsExactly(written.integers("ids"));
    assertThat(read.integers("none")).isEmpty();
    assertThat(read.tensor("odd").row(0)).containsExactly(1, 2, 3);
    assertThat(read.tensor("exact").column(0)).containsExactly(0.1, Math.E);
    assertThat(read.tensor("exact").type()).isEqualTo(Matrix.Type.FLOAT64);
  }

  @Test
  void aFileOfAnotherVersionIsNone() throws IOException {
    Path file = folder.resolve("a.safetensors");
    ArtifactFile.write(file, 1, Artifact.builder().text("a", "b").build());
    assertThat(ArtifactFile.read(file, 2)).isEmpty();
  }

  @Test
  void aNameStandsForOnePartAndAMissingOneIsAnsweredWithThoseThatAreThere() {
    Artifact.Builder builder = Artifact.builder().text("a", "b");
    assertThatThrownBy(() -> builder.integers("a", 1)).hasMessageContaining("there is a 'a'");
    Artifact artifact = builder.build();
    assertThatThrownBy(() -> artifact.text("c")).hasMessage("has no 'c'; it has [a]");
  }
}
