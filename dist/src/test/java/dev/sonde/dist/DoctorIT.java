package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorIT {
  private static final Path MODEL = Distribution.HOME.resolve("models/microworld");

  @TempDir Path folder;

  @Test
  void aModelIsComparedWithItselfInBfloat16BlockByBlock() {
    Distribution.Said said = new Distribution(folder).run("doctor", MODEL);
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.out())
        .contains("java  ")
        .containsPattern("block 0 +median [1-9]\\.\\d\\de-0[2-5], worst ")
        .containsPattern("block 3 +median ")
        .containsPattern("speed +bfloat16 is [0-9.]+ times as fast as float32");
  }

  @Test
  void aModelThatCannotBeOpenedInBothIsRefused() {
    Distribution.Said nowhere = new Distribution(folder).run("doctor", "nowhere");
    assertThat(nowhere.code()).isEqualTo(4);
    assertThat(nowhere.err()).contains("there is no such folder");
    Distribution.Said malformed = new Distribution(folder).run("doctor", "random:x:y");
    assertThat(malformed.code()).isEqualTo(2);
    Distribution.Said reference =
        new Distribution(folder).run("doctor", MODEL, "--backend", "reference");
    assertThat(reference.code()).isEqualTo(4);
    assertThat(reference.err()).contains("the reference backend computes in float32 only");
  }

  @Test
  void aDeviceThatIsNotHereIsRefusedWithWhatIsMissing() {
    Distribution.Said cuda = new Distribution(folder).run("doctor", "--device", "cuda:0");
    assertThat(cuda.code()).isEqualTo(4);
    assertThat(cuda.err()).contains("cuda:0").contains("PYTORCH_LIBRARY_PATH");
    Distribution.Said none = new Distribution(folder).run("doctor", "--device", "gpu");
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("cpu, cuda:N or mps, not 'gpu'");
  }
}
