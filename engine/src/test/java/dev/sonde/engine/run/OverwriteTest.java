package dev.sonde.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run may remove, and what not. */
class OverwriteTest {
  private static final String INPUTS =
      "{\"inputs\":\"%s\",\"journal\":2}\n".formatted("0".repeat(64));

  @TempDir Path folder;

  private RunFixture runs;

  @BeforeEach
  void prepare() throws IOException {
    runs = new RunFixture(folder, context -> context.saveText("words", "txt", "some"));
  }

  @Test
  void aPluginProjectWithAnExperimentIsNoRun() throws IOException {
    write("word-order/experiment.yaml", "sonde: 1\n");
    write("word-order/pom.xml", "<project/>");
    write("word-order/src/main/java/Words.java", "class Words {}");
    List<String> before = RunFixture.files(folder.resolve("word-order"));
    assertRefused("word-order", "holds no run: experiment.yaml, pom.xml, src");
    assertThat(RunFixture.files(folder.resolve("word-order"))).isEqualTo(before);
  }

  @Test
  void anExperimentAndALogOfOnesOwnAreNoRun() throws IOException {
    write("mine/experiment.yaml", "sonde: 1\n");
    write("mine/log", "what I did");
    assertRefused("mine", "holds no run: experiment.yaml, log");
    assertThat(folder.resolve("mine/log")).hasContent("what I did");
    assertThat(folder.resolve("mine/lock")).doesNotExist();
  }

  @Test
  void aFolderThatIsNotFreeIsRefusedBeforeAnythingIsPrepared() throws IOException {
    write("mine/thesis.tex", "long work");
    Files.delete(folder.resolve("rows.jsonl")); // which preparing would say first
    assertRefused("mine", "holds no run: thesis.tex");
    assertThat(RunFixture.files(folder.resolve("mine"))).containsExactly("thesis.tex");
  }

  @Test
  void whatLiesBesideARunIsNamedAndNothingIsRemoved() throws IOException {
    runs.run("run");
    write("run/thesis/chapter.tex", "long work");
    List<String> before = RunFixture.files(folder.resolve("run"));
    assertRefused("run", "holds what no run writes: thesis; move that elsewhere");
    assertThat(RunFixture.files(folder.resolve("run"))).isEqualTo(before);
  }

  @Test
  void whatLiesAmongArtifactsIsNamedAndNothingIsRemoved() throws IOException {
    runs.run("run");
    write("run/artifacts/notes.txt", "mine");
    write("run/stages/other/notes", "mine");
    assertRefused("run", "no run writes: artifacts/notes.txt, stages/other;");
    assertThat(folder.resolve("run/report.json")).exists();
  }

  @Test
  void aLinkIsNotFollowed() throws IOException {
    Path run = runs.run("run");
    Path elsewhere = Files.move(run.resolve("artifacts"), folder.resolve("elsewhere"));
    Files.createSymbolicLink(run.resolve("artifacts"), elsewhere);
    List<String> before = RunFixture.files(elsewhere);
    assertRefused("run", "no run writes: artifacts;");
    assertThat(RunFixture.files(elsewhere)).isEqualTo(before);
  }

  @Test
  void stagesAreRemovedWithoutWhatElseLiesBesideThem() throws IOException {
    runs.interrupted("run");
    write("run/stages/custom/deep/chapter.tex", "long work");
    write("run/stages/custom/first", "a stage");
    runs.resume("run");
    assertThat(folder.resolve("run/stages/custom/deep/chapter.tex")).hasContent("long work");
    assertThat(folder.resolve("run/stages/custom/first")).doesNotExist();
  }

  @Test
  void aRunIsReplacedByTheSameRun() throws IOException {
    runs.run("first");
    runs.run("run");
    write("run/artifacts/evaluating/left/over.safetensors", "of an earlier version of the probe");
    runs.run("run", true);
    runs.assertSame("first", "run");
  }

  @Test
  void aDamagedRunIsReplacedToo() throws IOException {
    runs.run("first");
    for (String name : List.of("experiment.yaml", "journal.jsonl", "lock", "manifest.json")) {
      RunFixture.flip(runs.run("run", Files.exists(folder.resolve("run"))).resolve(name), 0);
      runs.run("run", true);
      runs.assertSame("first", "run");
    }
  }

  @Test
  void aRunThatIsHalfRemovedCanStillBeReplaced() throws IOException {
    runs.run("first");
    Path run = runs.run("run");
    for (String name : RunFixture.files(run)) {
      if (!name.equals("lock") && !name.equals("report.html")) {
        Files.delete(run.resolve(name));
      }
    }
    runs.run("run", true);
    runs.assertSame("first", "run");
  }

  /** The states in which kills leave the folder before the experiment is in it, one by one. */
  @Test
  void aRunThatWasKilledAtItsFirstFilesIsRunAgain() throws IOException {
    runs.run("first");
    Files.createDirectories(folder.resolve("nothing/artifacts"));
    write("empty/lock", "");
    write("torn/lock", "son");
    write("marked/lock", "sonde run, process 2\n");
    write("torn-journal/lock", "sonde run, process 2\n");
    write("torn-journal/journal.jsonl", INPUTS.substring(0, 30));
    write("journal/lock", "sonde run\n");
    write("journal/journal.jsonl", INPUTS);
    write("unfinished/lock", "sonde run, process 2\n");
    write("unfinished/journal.jsonl", INPUTS);
    write("unfinished/experiment.yaml.0123456789abcdef.unfinished", "sonde:");
    for (String state :
        List.of("nothing", "empty", "torn", "marked", "torn-journal", "journal", "unfinished")) {
      assertThatThrownBy(() -> runs.resume(state))
          .as(state)
          .isInstanceOf(InvalidInputException.class);
      runs.run(state);
      runs.assertSame("first", state);
    }
  }

  @Test
  void resumingWhatIsNoRunWritesNothing() throws IOException {
    Path project = write("word-order/experiment.yaml", Files.readString(folder.resolve("e.yaml")));
    assertThatThrownBy(() -> runs.resume("word-order"))
        .hasMessageContaining("word-order is not the folder of a run");
    assertThat(RunFixture.files(project.resolveSibling(""))).containsExactly("experiment.yaml");
  }

  @Test
  void aFolderThatIsBeingWrittenIsLeftToItsWriter() throws IOException {
    Path run = runs.run("run");
    List<String> before = RunFixture.files(run);
    String writer = "run is being written by process " + ProcessHandle.current().pid();
    try (RunLock held = RunLock.take(run)) {
      assertThat(held).isNotNull();
      assertRefused("run", writer);
      assertThatThrownBy(() -> runs.resume("run")).hasMessageContaining(writer);
      assertThatThrownBy(() -> Runner.render(run)).hasMessageContaining(writer);
    }
    assertThat(RunFixture.files(run)).isEqualTo(before);
    runs.resume("run");
  }

  @Test
  void whatADeadWriterLeftUnfinishedIsRemovedOnResuming() throws IOException {
    runs.run("first");
    runs.interrupted("run");
    write("run/report.json.0123456789abcdef.unfinished", "{");
    write("run/report.md.unfinished", "of an earlier version");
    write("run/artifacts/custom.words.txt.0123456789abcdef.unfinished", "so");
    write("run/artifacts/custom.words.gguf.0123456789abcdef.unfinished/custom.words.gguf", "GG");
    runs.resume("run");
    runs.assertSame("first", "run");
  }

  private void assertRefused(String run, String message) {
    assertThatThrownBy(() -> runs.run(run, true))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message);
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.resolveSibling(""));
    return Files.writeString(file, text);
  }
}
