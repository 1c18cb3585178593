package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An experiment that is run again when its plugin or its file changed. */
class WatchIT {
  @TempDir Path folder;

  @Test
  void aChangedPluginAndAChangedExperimentAreRunAgain() throws IOException {
    Path plugins = Files.createDirectories(folder.resolve("mine"));
    new SmallPlugin("noted").run("context.report().note(\"first words\");").writeTo(plugins);
    Path experiment = Files.writeString(folder.resolve("experiment.yaml"), experiment(24));
    Process process = start(experiment, plugins);
    try (BufferedReader said = process.inputReader()) {
      readRun(said);
      assertThat(report()).contains("first words");

      Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
      Path built =
          new SmallPlugin("noted")
              .run("context.report().note(\"second words\");")
              .writeTo(elsewhere);
      Files.move(
          built.resolve("noted.jar"),
          plugins.resolve("noted/noted.jar"),
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.ATOMIC_MOVE);
      readRun(said);
      assertThat(report()).contains("second words").doesNotContain("first words");

      Path changed = Files.writeString(folder.resolve("changed.yaml"), experiment(30));
      Files.move(
          changed, experiment, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      readRun(said);
      assertThat(report()).contains("\"rows\" : 30");
    } finally {
      process.destroy();
    }
  }

  private Process start(Path experiment, Path plugins) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Distribution.HOME.resolve("bin/sonde").toString(),
                "run",
                experiment.toString(),
                "--watch",
                "--plugin-dir",
                plugins.toString(),
                "--out",
                "run")
            .directory(folder.toFile())
            .redirectError(folder.resolve("stderr").toFile());
    builder.environment().put("SONDE_CACHE", Distribution.CACHE.toString());
    builder.environment().put("SONDE_PLUGINS", folder.resolve("plugins").toString());
    return builder.start();
  }

  /** Waits for the last line of a run, its folder. */
  private void readRun(BufferedReader said) throws IOException {
    String line = said.readLine();
    while (line != null && !line.equals("run")) {
      line = said.readLine();
    }
    assertThat(line).as(Files.readString(folder.resolve("stderr"))).isEqualTo("run");
  }

  private String report() throws IOException {
    return Files.readString(folder.resolve("run/report.json"));
  }

  private static String experiment(int rows) {
    return """
        sonde: 1
        name: watched
        model: { ref: %1$s/models/microworld, backend: reference }
        data:
          path: %1$s/models/microworld/data/reason-recall.jsonl
          text: text
          limit: %2$d
        probes:
          - { use: noted }
        """
        .formatted(Distribution.HOME, rows);
  }
}
