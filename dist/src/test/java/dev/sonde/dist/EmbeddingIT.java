package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine's facade, used by another modular program and by JShell. */
class EmbeddingIT {
  private static final int MINUTES = 5;
  private static final String MODULES =
      Distribution.COMPILE_PATH + ":" + Distribution.HOME.resolve("lib/engine");

  private static final String BODY =
      """
          Sonde.Listener quiet =
              new Sonde.Listener() {
                public void progress(String what, long done, long total) {}
                public void warning(String text) { System.out.println("warning: " + text); }
              };
          Path home = Path.of("%s");
          try (Sonde sonde = Sonde.open(home, Map.of("SONDE_CACHE", "%s"), List.of(), quiet)) {
            Sonde.Run run = sonde.run(Path.of("experiment.yaml"), List.of(), Path.of("run"), true);
            System.out.println("complete: " + run.complete());
            System.out.println("probes: " + run.summaries().getFirst().probe());
          }
      """;

  @TempDir Path folder;

  @BeforeEach
  void writeExperiment() throws IOException {
    Files.writeString(
        folder.resolve("experiment.yaml"),
        """
        sonde: 1
        name: embedded
        model: { ref: %1$s/models/microworld, backend: reference }
        data:
          path: %1$s/models/microworld/data/reason-recall.jsonl
          text: text
          label: label
          positive: reasoning
          group: group
          limit: 48
        probes:
          - { use: linear, with: { read: [blocks.1.hook_resid_post] } }
        evaluation: { permutations: 19, bootstrap: 50, random_init: false }
        """
            .formatted(Distribution.HOME));
  }

  private static String body() {
    return BODY.formatted(Distribution.HOME, Distribution.CACHE);
  }

  @Test
  void aModularProgramRunsAnExperiment() throws Exception {
    Path sources = Files.createDirectories(folder.resolve("src/host"));
    Files.writeString(
        folder.resolve("src/module-info.java"), "module host { requires dev.sonde.engine; }");
    Files.writeString(
        sources.resolve("Host.java"),
        """
        package host;
        import dev.sonde.engine.Sonde;
        import java.nio.file.Path;
        import java.util.List;
        import java.util.Map;
        public final class Host {
          public static void main(String[] args) {
        %s
          }
        }
        """
            .formatted(body()));
    Path classes = folder.resolve("classes");
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try (PrintWriter writer = new PrintWriter(said, true, StandardCharsets.UTF_8)) {
      int code =
          ToolProvider.findFirst("javac")
              .orElseThrow()
              .run(
                  writer,
                  writer,
                  "-d",
                  classes.toString(),
                  "--module-path",
                  MODULES,
                  folder.resolve("src/module-info.java").toString(),
                  sources.resolve("Host.java").toString());
      assertThat(code).as(said.toString(StandardCharsets.UTF_8)).isZero();
    }
    String output =
        process(
            "java",
            "--add-modules=ALL-DEFAULT",
            "--module-path",
            classes + ":" + MODULES,
            "--module",
            "host/host.Host");
    assertThat(output).contains("complete: true").contains("probes: linear");
  }

  @Test
  void jshellRunsAnExperiment() throws Exception {
    Path script =
        Files.writeString(
            folder.resolve("script.jsh"),
            "import dev.sonde.engine.Sonde;\nimport java.nio.file.Path;\n%s\n/exit\n"
                .formatted(body()));
    String output =
        process(
            "jshell",
            "--module-path",
            MODULES,
            "--add-modules",
            "dev.sonde.engine,ALL-DEFAULT",
            "-R--add-modules=dev.sonde.engine,ALL-DEFAULT",
            script.toString());
    assertThat(output).contains("complete: true").contains("probes: linear");
  }

  private String process(String tool, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", tool).toString()));
    command.addAll(List.of(arguments));
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
    process.destroyForcibly();
    String output = Files.readString(log);
    assertThat(ended).as(output).isTrue();
    return output;
  }
}
