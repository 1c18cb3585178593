package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands leave alone, whoever types them wherever. */
class RunFolderIT {
  @TempDir Path folder;

  @Test
  void aPluginProjectSurvivesEveryCommandThatWritesOrRemoves() throws IOException {
    Distribution sonde = new Distribution(folder);
    assertThat(sonde.run("new-plugin", "word-order", "--kind", "decoder").code()).isZero();
    Map<String, String> before = contents(folder.resolve("word-order"));
    assertThat(before).containsKeys("experiment.yaml", "pom.xml");
    Path experiment = Distribution.HOME.resolve("experiments/demo.yaml");
    for (List<String> command :
        List.of(
            List.of("run", experiment.toString(), "--out", "word-order", "--overwrite"),
            List.of("run", experiment.toString(), "--out", "word-order"),
            List.of("run", experiment.toString(), "--out", "word-order", "--watch", "--dry-run"),
            List.of("demo", "--out", "word-order", "--overwrite"),
            List.of("resume", "word-order"),
            List.of("report", "word-order"),
            List.of("verify", "word-order"),
            List.of("new-plugin", "word-order", "--kind", "probe"),
            List.of("convert", "word-order/pom.xml", "--out", "word-order"))) {
      sonde.run(command.toArray());
      assertThat(contents(folder.resolve("word-order"))).as("%s", command).isEqualTo(before);
    }
    Distribution.Said overwriting = sonde.run("demo", "--out", "word-order", "--overwrite");
    assertThat(overwriting.code()).isEqualTo(2);
    assertThat(overwriting.err()).contains("word-order is not empty and holds no run");
  }

  private static Map<String, String> contents(Path project) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> all = Files.walk(project)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        contents.put(project.relativize(file).toString(), Files.readString(file));
      }
    }
    return contents;
  }

  @Test
  void oneRunFolderHasOneWriterAndTheStoreIsChecked() throws Exception {
    Path cache = folder.resolve("cache");
    Distribution sonde = new Distribution(folder).with("SONDE_CACHE", cache);
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
    Distribution second = new Distribution(elsewhere).with("SONDE_CACHE", cache);
    Path run = folder.resolve("run");
    Process first =
        sonde.start(
            "run",
            Distribution.HOME.resolve("experiments/demo.yaml"),
            "--set",
            "evaluation={permutations: 99, random_init: false}",
            "--out",
            run);
    while (first.isAlive() && !Files.exists(run.resolve("experiment.yaml"))) {
      Thread.sleep(20); // a core that spins would be missed by what runs beside it
    }
    assertThat(first.isAlive()).isTrue();
    Distribution.Said refused = second.run("resume", run);
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("is being written by process " + first.pid());
    assertThat(sonde.process(first).code()).isZero();

    assertThat(second.run("store", "verify").lastLine()).contains(": 0 damaged");
    Path chunk = chunk(cache);
    byte[] bytes = Files.readAllBytes(chunk);
    bytes[bytes.length / 2] ^= 1;
    Files.write(chunk, bytes);
    Distribution.Said damaged = second.run("store", "verify");
    assertThat(damaged.code()).isEqualTo(2);
    assertThat(damaged.out()).contains(chunk + ": its bytes do not fit its checksum");
    assertThat(second.run("store", "verify", "--remove").code()).isZero();
    assertThat(chunk).doesNotExist();
  }

  private static Path chunk(Path cache) throws IOException {
    try (Stream<Path> all = Files.walk(cache.resolve("activations"))) {
      return all.filter(file -> file.toString().endsWith(".safetensors")).findFirst().orElseThrow();
    }
  }
}
