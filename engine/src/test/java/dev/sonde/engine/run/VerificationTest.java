package dev.sonde.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code verify} sees. */
class VerificationTest {
  /** Per file; the system property has more of them tried. */
  private static final int FLIPS = Integer.getInteger("sonde.flips", 12);

  @TempDir Path folder;

  private RunFixture runs;

  @BeforeEach
  void prepare() throws IOException {
    runs =
        new RunFixture(folder, context -> context.saveText("words", "txt", "w".repeat(2_000_000)));
    runs.run("run");
  }

  @Test
  void aSingleFlippedBitInAnyFileIsSeen() throws IOException {
    Random random = new Random(27);
    List<String> names = RunFixture.files(folder.resolve("run"));
    assertThat(names).contains("journal.jsonl", "log", "timing.json", "manifest.json");
    for (String name : names) {
      Path file = folder.resolve("run").resolve(name);
      byte[] whole = Files.readAllBytes(file);
      FileTime time = Files.getLastModifiedTime(file);
      for (int i = 0; i < FLIPS; i++) {
        byte[] flipped = whole.clone();
        int place = random.nextInt(whole.length);
        flipped[place] ^= (byte) (1 << random.nextInt(Byte.SIZE));
        Files.write(file, flipped);
        Files.setLastModifiedTime(file, time);
        assertThat(runs.changed("run")).as("%s, byte %d", name, place).isNotEmpty();
      }
      Files.write(file, whole);
    }
    assertThat(runs.changed("run")).isEmpty();
  }

  @Test
  void aCutAndAMissingFileAreSeen() throws IOException {
    for (String name : RunFixture.files(folder.resolve("run"))) {
      if (name.equals("manifest.json")) {
        continue; // without which the run has not finished
      }
      Path file = folder.resolve("run").resolve(name);
      byte[] whole = Files.readAllBytes(file);
      Files.write(file, new byte[0]);
      assertSeen(name);
      if (!List.of("lock", "experiment.yaml").contains(name)) {
        Files.delete(file);
        assertSeen(name);
      }
      Files.write(file, whole);
    }
  }

  @Test
  void aFolderInAFilesPlaceIsSeen() throws IOException {
    Path words = folder.resolve("run/artifacts/custom.words.txt");
    Files.delete(words);
    Files.createDirectory(words);
    assertThat(runs.changed("run"))
        .containsExactly("artifacts/custom.words.txt is no file any more");
  }

  @Test
  void aManifestThatNamesFilesOfOthersIsNotFollowed() throws IOException {
    Path manifest = folder.resolve("run/manifest.json");
    String text = Files.readString(manifest);
    for (String name : List.of("/dev/zero", "../rows.jsonl", "a\\u0000b")) {
      Files.writeString(manifest, text.replace("artifacts/custom.words.txt", name));
      assertThat(runs.changed("run"))
          .as(name)
          .anyMatch(
              said ->
                  said.endsWith("is outside of the run") || said.endsWith("is no name of a file"));
    }
  }

  private void assertSeen(String name) {
    assertThat(runs.changed("run")).as(name).anyMatch(said -> said.startsWith(name));
  }

  @Test
  void withoutJournalAndLockAFolderIsNoRun() throws IOException {
    Files.delete(folder.resolve("run/journal.jsonl"));
    Files.delete(folder.resolve("run/lock"));
    assertThatThrownBy(() -> runs.changed("run")).hasMessageContaining("not the folder of a run");
  }

  @Test
  void aRunThatWasResumedAndKilledHasNotFinished() throws IOException {
    Path journal = folder.resolve("run/journal.jsonl");
    Files.writeString(journal, Files.readString(journal) + "{\"resumed\":true}\n");
    assertThat(runs.changed("run"))
        .singleElement()
        .asString()
        .contains("the run has not finished since it was resumed");
  }

  @Test
  void aReportThatIsRenderedFromAnEditedOneIsRemarkedOn() throws IOException {
    Path report = folder.resolve("run/report.json");
    assertThat(Runner.render(folder.resolve("run"))).isEmpty();
    assertThat(runs.changed("run")).isEmpty();
    Files.writeString(report, Files.readString(report).replace("40.0", "41.0"));
    assertThat(Runner.render(folder.resolve("run")).orElseThrow()).contains("has changed");
  }

  @Test
  void aReportThatIsCutIsNamedWithThePlace() throws IOException {
    Path report = folder.resolve("run/report.json");
    Files.writeString(report, Files.readString(report).substring(0, 300));
    assertThatThrownBy(() -> Runner.render(folder.resolve("run")))
        .hasMessageMatching("(?s).*report\\.json:\\d+:\\d+: is cut or no JSON: .*")
        .hasMessageNotContaining("REDACTED");
  }

  @Test
  void aReportThatIsSomethingElseIsNamed() throws IOException {
    Path report = folder.resolve("run/report.json");
    Files.writeString(report, Files.readString(report).replace("\"ok\"", "\"oh\""));
    assertThatThrownBy(() -> Runner.render(folder.resolve("run")))
        .hasMessageContaining("report.json: is not what a run writes");
  }
}
