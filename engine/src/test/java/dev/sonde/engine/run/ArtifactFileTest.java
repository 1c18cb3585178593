package dev.sonde.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.Artifact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactFileTest {
  @TempDir Path folder;

  @Test
  void anArtifactIsReadBackAsItWasWrittenWhateverTheOrderOfItsParts() throws IOException {
    Artifact written =
        Artifact.empty()
            .with("note", "π is 3.14159…")
            .with("empty", "")
            .with("odd", Matrix.of(Matrix.Type.FLOAT32, new double[][] {{1, 2, 3}}))
            .with("exact", Matrix.of(Matrix.Type.FLOAT64, new double[][] {{0.1}, {Math.E}}))
            .with("ids", Long.MIN_VALUE, -1, 0, Long.MAX_VALUE)
            .with("none", new long[0]);
    Path file = folder.resolve("a.safetensors");
    new ArtifactFile("it", 3).write(file, written);
    Artifact read = new ArtifactFile("it", 3).read(file).orElseThrow();
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
    new ArtifactFile("it", 1).write(file, Artifact.empty().with("a", "b"));
    assertThat(new ArtifactFile("it", 2).read(file)).isEmpty();
  }

  @Test
  void aNameStandsForOnePartAndAMissingOneIsAnsweredWithThoseThatAreThere() {
    Artifact artifact = Artifact.empty().with("a", "b");
    assertThatThrownBy(() -> artifact.with("a", 1)).hasMessageContaining("there is a 'a'");
    assertThatThrownBy(() -> artifact.text("c")).hasMessage("has no 'c'; it has [a]");
  }

  @Test
  void anyBitThatFlipsInAFileIsSeenAndSoIsTheResultOfSomethingElse(@TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("a.safetensors");
    ArtifactFile own = new ArtifactFile("this", 1);
    own.write(
        file,
        Artifact.empty()
            .with("a", "b")
            .with("m", Matrix.of(Matrix.Type.FLOAT32, new double[][] {{1, 2}})));
    byte[] written = Files.readAllBytes(file);

    assertThat(own.readChecked(file)).isPresent();
    assertThat(new ArtifactFile("another", 1).readChecked(file)).isEmpty();
    for (int place = 0; place < written.length; place++) {
      byte[] flipped = written.clone();
      flipped[place] ^= 4;
      Path damaged = Files.write(folder.resolve("f" + place), flipped);
      assertThat(own.readChecked(damaged)).as("byte %d", place).isEmpty();
    }
  }
}
