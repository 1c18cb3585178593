package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A jar that was built against the first api, which 0.2 broke. */
class OldPluginIT {
  private static final Path PLUGINS =
      Path.of("src", "test", "resources", "old-plugins").toAbsolutePath();

  @TempDir Path folder;

  @Test
  void aPluginThatWasBuiltAgainstAnApiBeforeABreakIsRefusedByBothVersions() throws Exception {
    Path experiment =
        Files.writeString(
            folder.resolve("experiment.yaml"),
            """
            sonde: 1
            name: veteran
            model: { ref: %1$s/models/microworld, backend: reference }
            data:
              path: %1$s/models/microworld/data/reason-recall.jsonl
              text: text
              label: label
              positive: reasoning
              group: group
              limit: 48
            probes:
              - { use: veteran }
            evaluation: { permutations: 19, bootstrap: 50, random_init: false }
            """
                .formatted(Distribution.HOME));
    Distribution.Said said =
        new Distribution(folder).run("run", experiment, "--plugin-dir", PLUGINS, "--out", "run");
    assertThat(said.code()).as(said.err()).isEqualTo(3);
    assertThat(said.err()).contains("veteran").contains("0.1.0").contains("0.2.0");
  }
}
