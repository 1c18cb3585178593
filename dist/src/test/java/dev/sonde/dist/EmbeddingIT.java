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
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The engine's facade, used by another modular program, which puts itself and the engine into a
 * layer beside those of the plugins, and by JShell, which cannot: there only plugins without
 * automatic modules work.
 */
class EmbeddingIT {
  private static final int MINUTES = 5;
  private static final Path ENGINE = Distribution.HOME.resolve("lib/engine");

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
    compile(
        "host",
        Distribution.COMPILE_PATH + ":" + ENGINE,
        "module host { requires dev.sonde.engine; exports host; }",
        """
        package host;
        import dev.sonde.engine.Sonde;
        import java.nio.file.Path;
        import java.util.List;
        import java.util.Map;
        public final class Host {
          public static void run() {
        %s
          }
        }
        """
            .formatted(body()));
    compile(
        "starter",
        Distribution.COMPILE_PATH,
        "module starter { requires dev.sonde.api; }",
        Page.read("embed.md").in("java").getFirst());
    String output =
        process(
            "java",
            "--add-modules=ALL-DEFAULT",
            "--module-path",
            folder.resolve("starter") + ":" + Distribution.HOME.resolve("lib/boot"),
            "--module",
            "starter/starter.Starter",
            ENGINE.toString(),
            folder.resolve("host").toString());
    assertThat(output).contains("complete: true").contains("probes: linear");
  }

  private void compile(String module, String path, String moduleInfo, String source)
      throws IOException {
    Path sources = Files.createDirectories(folder.resolve("src").resolve(module));
    Path info = Files.writeString(sources.resolve("module-info.java"), moduleInfo);
    String type = module.substring(0, 1).toUpperCase(Locale.ROOT) + module.substring(1);
    Path file = Files.writeString(sources.resolve(type + ".java"), source);
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try (PrintWriter writer = new PrintWriter(said, true, StandardCharsets.UTF_8)) {
      int code =
          ToolProvider.findFirst("javac")
              .orElseThrow()
              .run(
                  writer,
                  writer,
                  "-d",
                  folder.resolve(module).toString(),
                  "--module-path",
                  path,
                  info.toString(),
                  file.toString());
      assertThat(code).as(said.toString(StandardCharsets.UTF_8)).isZero();
    }
  }

  @Test
  void jshellRunsAnExperiment() throws Exception {
    Path data = Distribution.HOME.resolve("models/microworld/data/reason-recall.jsonl");
    Distribution.Said captured =
        new Distribution(folder)
            .run(
                "capture",
                "--model",
                Distribution.HOME.resolve("models/microworld"),
                "--backend",
                "reference",
                "--data",
                data,
                "--text",
                "text",
                "--read",
                "blocks.1.hook_resid_post",
                "--tokens",
                "last",
                "--out",
                "rows.safetensors");
    assertThat(captured.code()).as(captured.err()).isZero();
    Path experiment = folder.resolve("experiment.yaml");
    Files.writeString(
        experiment,
        Files.readString(experiment)
            .replaceFirst(
                "model: .*",
                "model: { ref: rows.safetensors, backend: replay, with: { texts: %s } }"
                    .formatted(data)));
    Path script =
        Files.writeString(
            folder.resolve("script.jsh"),
            "import dev.sonde.engine.Sonde;\nimport java.nio.file.Path;\n%s\n/exit\n"
                .formatted(body()));
    String output =
        process(
            "jshell",
            "--module-path",
            Distribution.COMPILE_PATH + ":" + ENGINE,
            "--add-modules",
            "dev.sonde.engine",
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
