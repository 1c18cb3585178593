package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the documentation says to type is typed, and the code it shows is the code that runs. */
@ResourceLock(MavenProject.LOCAL_REPOSITORY)
class DocumentsIT {
  private static final int MINUTES = 10;

  /** Metrics agree to this share across token budgets. */
  private static final double SAME_METRIC = 1e-4;

  private static final Path SETTINGS = Path.of("..", "docs", "settings.md");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "write-a-decoder.md, word-order",
    "write-a-probe.md, lengths",
    "write-a-backend.md, hashed",
    "write-a-reader.md, bars"
  })
  void thePagesForAuthorsLeadToAReport(String page, String project) throws Exception {
    Page read = Page.read(page);
    type(read.in("sh"));
    assertThat(folder.resolve(project).resolve("run/report.json")).content().contains(project);
    assertThat(sources(folder.resolve(project).resolve("src")))
        .containsAll(
            read.blocks().stream().filter(DocumentsIT::isGenerated).map(Page.Block::text).toList());
    if (write(read, folder.resolve(project))) {
      new MavenProject(folder.resolve(project)).run("verify");
    }
  }

  /** Other code goes into a file that the page names. */
  private static boolean isGenerated(Page.Block block) {
    return block.language().equals("java") && block.name().isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"run-an-experiment.md", "replay.md"})
  void theOtherPagesCanBeTyped(String page) throws Exception {
    Page read = Page.read(page);
    assertThat(write(read, folder)).isTrue();
    type(read.in("sh"));
  }

  /** Writes the blocks that the page calls files, if there are any. */
  private static boolean write(Page page, Path folder) throws IOException {
    boolean written = false;
    for (Page.Block block : page.blocks()) {
      if (block.name().isPresent()) {
        Path file = folder.resolve(block.name().get());
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, block.text());
        written = true;
      }
    }
    return written;
  }

  @Test
  void aProgramJshellAndAModuleRunAnExperiment() throws Exception {
    theOtherPagesCanBeTyped("embed.md");
    for (String run : List.of("embedded", "from-jshell", "from-a-module")) {
      assertThat(metrics(run)).as(run).isNotEmpty();
      assertThat(Files.readString(folder.resolve(run).resolve("report.json")))
          .as(run)
          .doesNotContain("\"sonde\" : \"unknown\"")
          .contains("\"sonde\"");
    }
  }

  @Test
  void theRecipesLeaveWhatTheyPromise() throws Exception {
    theOtherPagesCanBeTyped("recipes.md");
    assertThat(folder.resolve("scores.jsonl"))
        .content()
        .contains("\"score\":", "\"probability\":", "\"flag\":");
    assertThat(folder.resolve("flagged.csv")).content().startsWith("id,score,probability,flag\n");
    assertThat(folder.resolve("tokens.html")).content().contains("<span style=\"background:");
    assertThat(folder.resolve("calibrated.json"))
        .content()
        .contains("\"calibrated_on\"", "\"false_positives\":0.01");
    assertThat(folder.resolve("both.jsonl"))
        .content()
        .contains("\"probe\":\"direction.lda\"", "\"probe\":\"direction.difference_of_means\"");
    assertThat(folder.resolve("erased/artifacts/direction.erasure.leace.safetensors")).exists();
    assertThat(names("erased")).contains("p.erase", "erased_model.loss", "erased_model.accuracy");
    assertThat(names("pairs")).contains("pairs.accuracy.nested", "p.pairs", "pairs.accuracy");
    assertThat(folder.resolve("by-pairs.jsonl")).content().contains("\"id\":\"rr-0000\"");
    assertThat(folder.resolve("doses.csv")).content().startsWith("dose,effect,").hasLineCount(6);
    assertThat(folder.resolve("correctness/artifacts/answers.columns.jsonl"))
        .content()
        .contains("\"correct\":\"right\"", "\"correct\":\"wrong\"");
  }

  @Test
  void aProgramOpensAnInstallationAgainAndTwiceAtOnce() throws Exception {
    Page page = Page.read("embed.md");
    assertThat(write(page, folder)).isTrue();
    Path program = folder.resolve("Embedded.java");
    String once = Files.readString(program);
    String twice =
        once.replace(
            "try (Sonde sonde =",
            """
            try (Sonde closed = Sonde.open(Path.of(args[0]), System.getenv(), List.of(), listener)) {
              closed.run(Path.of("embedded.yaml"), List.of(), Path.of("first"), true);
            }
            try (Sonde beside = Sonde.open(Path.of(args[0]), System.getenv(), List.of(), listener);
                Sonde sonde =""");
    assertThat(twice).isNotEqualTo(once);
    Files.writeString(
        program,
        twice.replace(
            "Sonde.Run run =",
            "beside.run(Path.of(\"embedded.yaml\"), List.of(), Path.of(\"beside\"), true);\n      Sonde.Run run ="));
    type(
        page.in("sh").stream()
            .filter(block -> block.startsWith("home=") || block.contains("Embedded.java"))
            .toList());
    for (String run : List.of("beside", "embedded")) {
      assertThat(metrics(run)).as(run).isNotEmpty().isEqualTo(metrics("first"));
    }
  }

  @Test
  void whatIsReplayedEqualsWhatIsLiveAndRunsInJshellAsWell() throws Exception {
    theOtherPagesCanBeTyped("replay.md");
    Page embed = Page.read("embed.md");
    for (Page.Block block : embed.blocks()) {
      if (block.language().equals("jshell")) {
        Files.writeString(
            folder.resolve(block.name().orElseThrow()),
            block.text().replace("embedded.yaml", "replayed.yaml"));
      }
    }
    type(
        embed.in("sh").stream()
            .filter(block -> block.startsWith("home=") || block.startsWith("jshell"))
            .toList());
    assertThat(metrics("from-jshell")).isEqualTo(metrics("replayed"));
    Distribution.Said live =
        new Distribution(folder)
            .run(
                "run",
                "replayed.yaml",
                "--set",
                "model={ref: models/microworld, backend: reference}",
                "--out",
                "live");
    assertThat(live.code()).as(live.err()).isZero();
    List<Map<?, ?>> replayed = metrics("replayed");
    List<Map<?, ?>> expected = metrics("live");
    assertThat(replayed).isNotEmpty().hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(replayed.get(i).get("name")).isEqualTo(expected.get(i).get("name"));
      assertThat(replayed.get(i).get("where")).isEqualTo(expected.get(i).get("where"));
      assertClose(replayed.get(i), expected.get(i));
    }
  }

  /** Rows that were computed in another company differ in their last digits. */
  private static void assertClose(Map<?, ?> metric, Map<?, ?> expected) {
    if (expected.get("value") instanceof Number value) {
      assertThat(metric.get("value")).isInstanceOf(Number.class);
      assertThat(((Number) metric.get("value")).doubleValue())
          .as("%s %s", expected.get("name"), expected.get("where"))
          .isCloseTo(
              value.doubleValue(),
              within(SAME_METRIC * Math.max(1, Math.abs(value.doubleValue()))));
    } else {
      assertThat(metric.get("value")).isNull();
    }
  }

  private List<String> names(String run) throws IOException {
    return metrics(run).stream().map(metric -> String.valueOf(metric.get("name"))).toList();
  }

  private List<Map<?, ?>> metrics(String run) throws IOException {
    List<Map<?, ?>> all = new ArrayList<>();
    Map<String, Object> report = Report.json(folder.resolve(run).resolve("report.json"));
    for (Object probe : (List<?>) report.get("probes")) {
      for (Object metric : (List<?>) ((Map<?, ?>) probe).get("metrics")) {
        all.add((Map<?, ?>) metric);
      }
    }
    return all;
  }

  /** Run with -Dsonde.update=true to write the page after a change of settings. */
  @Test
  void theSettingsPageIsWhatDescribeSays() throws Exception {
    Distribution.Said said = new Distribution(folder).run("describe");
    String page =
        """
        # Settings

        What `sonde describe` says of everything that ships: keys of `with:` in an experiment.

        ```
        %s```
        """
            .formatted(said.out());
    if (Boolean.getBoolean("sonde.update")) {
      Files.writeString(SETTINGS, page);
    }
    assertThat(SETTINGS).content().isEqualTo(page);
  }

  /**
   * Runs shell blocks of a page, in a folder where models and distribution lie as in a checkout.
   */
  private void type(List<String> blocks) throws Exception {
    link("models", Distribution.HOME.resolve("models"));
    link("experiments", Distribution.HOME.resolve("experiments"));
    link("dist/target/sonde", Distribution.HOME);
    link("tools/sonde", Distribution.HOME.resolve("bin/sonde"));
    Path tools = folder.resolve("tools");
    Path maven = Files.writeString(tools.resolve("mvn"), new MavenProject(folder).script());
    assertThat(maven.toFile().setExecutable(true)).isTrue();
    Path script = Files.writeString(folder.resolve("typed.sh"), String.join("\n", blocks));
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-e", "-x", script.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("typed.log").toFile());
    builder.environment().merge("PATH", "", (path, none) -> tools + ":" + path);
    builder.environment().put("SONDE_CACHE", Distribution.CACHE.toString());
    builder.environment().put("SONDE_PLUGINS", folder.resolve("plugins").toString());
    Process process = builder.start();
    boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
    process.destroyForcibly();
    assertThat(ended && process.exitValue() == 0)
        .as(Files.readString(folder.resolve("typed.log")))
        .isTrue();
  }

  private void link(String place, Path target) throws IOException {
    Path link = folder.resolve(place);
    if (!Files.exists(link)) {
      Files.createDirectories(link.resolveSibling(""));
      Files.createSymbolicLink(link, target);
    }
  }

  private static List<String> sources(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(f -> f.toString().endsWith(".java"))
          .map(
              file -> {
                try {
                  return Files.readString(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              })
          .toList();
    }
  }
}
