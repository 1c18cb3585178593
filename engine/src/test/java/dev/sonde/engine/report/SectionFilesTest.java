package dev.sonde.engine.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Which names of files a report may link. */
class SectionFilesTest {
  private static Section section(String file) {
    SectionWriter writer = new SectionWriter();
    writer.files(List.of(file));
    return writer.finish("p", "plugin", Section.Status.OK);
  }

  @Test
  void aFileInAFolderOfAProbeIsLinked() {
    String file = "artifacts/influence/factors_ekfac/activation_covariance.safetensors";
    assertThat(section(file).files()).containsExactly(file);
  }

  @Test
  void aNameThatLeadsOutOfTheArtifactsIsRefused() {
    assertThatThrownBy(() -> section("artifacts/../log"))
        .hasMessageContaining("is no file of a probe");
  }
}
