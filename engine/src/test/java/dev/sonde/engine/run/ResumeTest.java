package dev.sonde.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Metric;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run left behind is believed where it is what was written, and computed again else. */
class ResumeTest {
  private static final int FLIPS = 4;

  @TempDir Path folder;

  private final List<String> staged = new ArrayList<>();
  private RunFixture runs;
  private String run = "";
  private int number;

  @BeforeEach
  void prepare() throws IOException {
    runs = new RunFixture(folder, this::work);
    runs.run("whole");
  }

  private void work(ProbeContext context) {
    long first = stage(context, "first", 1);
    long second = stage(context, "second", 2);
    context.report().metric(Metric.of("sum", first + second));
    context.saveText("words", "txt", "some words");
    context.saveTensors(
        "deep/twos", Map.of("a", Matrix.of(Matrix.Type.FLOAT32, new double[][] {{2}})), Map.of());
  }

  private long stage(ProbeContext context, String name, int value) {
    return context.stage(
            name,
            1,
            () -> {
              staged.add(name);
              return Artifact.empty().with("value", value);
            })
        .integers("value")[0];
  }

  @Test
  void aFinishedProbeIsNotRunAgain() throws IOException {
    runs.interrupted("run");
    staged.clear();
    runs.resume("run");
    assertThat(staged).isEmpty();
    runs.resume("run");
    assertThat(staged).isEmpty();
    runs.assertSame("whole", "run");
  }

  @Test
  void aFlippedByteInASectionOrAnArtifactIsComputedAgain() throws IOException {
    runs.interrupted("run");
    Random random = new Random(17);
    List<String> evaluating = List.of("evaluating.section.json", "evaluating.ones.safetensors");
    List<String> custom =
        List.of("custom.section.json", "custom.words.txt", "custom/deep/twos.safetensors");
    runs.resume("run");
    for (int i = 0; i < 2 * custom.size(); i++) {
      String first = evaluating.get(i % evaluating.size());
      String second = custom.get(i % custom.size());
      Files.delete(folder.resolve("run/log"));
      for (String name : List.of(first, second)) {
        Path file = folder.resolve("run/artifacts").resolve(name);
        RunFixture.flip(file, random.nextInt((int) Files.size(file)));
      }
      runs.resume("run");
      runs.assertSame("whole", "run");
      assertThat(runs.changed("run")).isEmpty();
      assertThat(runs.log("run"))
          .contains("artifacts/" + first + " has changed since the probe 'evaluating' finished")
          .contains("artifacts/" + second + " has changed since the probe 'custom' finished")
          .contains("the probe is computed again");
    }
  }

  @Test
  void anArtifactThatIsGoneIsComputedAgain() throws IOException {
    Path run = runs.interrupted("run");
    Files.delete(run.resolve("artifacts/evaluating.ones.safetensors"));
    runs.resume("run");
    runs.assertSame("whole", "run");
    assertThat(runs.log("run")).contains("evaluating.ones.safetensors is missing");
  }

  @Test
  void aNumberThatWasEditedDoesNotReachTheReport() throws IOException {
    Path section = runs.interrupted("run").resolve("artifacts/evaluating.section.json");
    Files.writeString(section, Files.readString(section).replace("40.0", "41.0"));
    runs.resume("run");
    runs.assertSame("whole", "run");
  }

  @Test
  void aStageThatIsFlippedCutEmptyOrAnothersIsComputedAgain() throws IOException {
    Random random = new Random(18);
    for (int i = 0; i < FLIPS; i++) {
      Path stage = interrupted().resolve("stages/custom/second.safetensors");
      RunFixture.flip(stage, random.nextInt((int) Files.size(stage)));
      assertSecondStageIsComputedAgain();
    }
    Path cut = interrupted().resolve("stages/custom/second.safetensors");
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(cut), 90));
    assertSecondStageIsComputedAgain();
    Files.write(interrupted().resolve("stages/custom/second.safetensors"), new byte[0]);
    assertSecondStageIsComputedAgain();
    Path other = interrupted().resolve("stages/custom/second.safetensors");
    Files.copy(
        other.resolveSibling("first.safetensors"), other, StandardCopyOption.REPLACE_EXISTING);
    assertSecondStageIsComputedAgain();
  }

  /** A run that stopped in its last probe, in a folder of its own. */
  private Path interrupted() throws IOException {
    run = "run" + number++;
    return runs.interrupted(run);
  }

  private void assertSecondStageIsComputedAgain() throws IOException {
    staged.clear();
    runs.resume(run);
    assertThat(staged).containsExactly("second");
    runs.assertSame("whole", run);
    assertThat(runs.log(run))
        .contains(
            "stages/custom/second.safetensors is not what the run wrote; the stage is computed again");
  }

  @Test
  void aFlippedByteInAStoredChunkIsComputedAgain() throws IOException {
    Random random = new Random(19);
    for (int i = 0; i < FLIPS; i++) {
      List<Path> chunks = chunks();
      for (Path chunk : chunks) {
        RunFixture.flip(chunk, random.nextInt((int) Files.size(chunk)));
      }
      for (Path chunk : chunks) {
        assertThat(again("flips" + i)).contains(chunk.toString());
      }
    }
  }

  @Test
  void aChunkOfZerosAndACutOneAreComputedAgain() throws IOException {
    Path chunk = chunks().getFirst();
    Files.write(chunk, new byte[(int) Files.size(chunk)]);
    assertChunkIsComputedAgain(chunk, "is malformed");
    byte[] whole = Files.readAllBytes(chunk);
    Files.write(chunk, Arrays.copyOf(whole, whole.length - 1));
    assertChunkIsComputedAgain(chunk, "do not fit its checksum");
    Files.write(chunk, new byte[0]);
    assertChunkIsComputedAgain(chunk, "has 0 bytes");
  }

  @Test
  void chunksOfTwoSitesThatWereExchangedAreComputedAgain() throws IOException {
    Path first = chunks().getFirst();
    Path second = chunks().getLast();
    assertThat(first).isNotEqualTo(second);
    byte[] kept = Files.readAllBytes(first);
    Files.write(first, Files.readAllBytes(second));
    Files.write(second, kept);
    assertChunkIsComputedAgain(first, "holds what belongs in ");
  }

  @Test
  void aChunkOfAnEarlierVersionIsComputedAgain() throws IOException {
    Path chunk = chunks().getFirst();
    String text = Files.readString(chunk, StandardCharsets.ISO_8859_1);
    Files.writeString(
        chunk,
        text.replace("sonde-store-2", "sonde-store-1").replace("crc32c", "was-no"),
        StandardCharsets.ISO_8859_1);
    assertChunkIsComputedAgain(chunk, "an earlier version of Sonde wrote it, without a checksum");
  }

  private void assertChunkIsComputedAgain(Path chunk, String why) throws IOException {
    byte[] damaged = Files.readAllBytes(chunk);
    String log = again(why.replace(' ', '-'));
    assertThat(log).contains(chunk.toString()).contains(why);
    assertThat(Files.readAllBytes(chunk)).isNotEqualTo(damaged);
  }

  /** The log of one more run, which must give the undisturbed bytes. */
  private String again(String name) throws IOException {
    if (!Files.exists(folder.resolve(name))) {
      runs.plugin().computed().clear();
      runs.run(name);
      assertThat(runs.plugin().computed()).isNotEmpty();
      runs.assertSame("whole", name);
    }
    return runs.log(name);
  }

  private List<Path> chunks() throws IOException {
    try (Stream<Path> all = Files.walk(folder.resolve("cache/activations"))) {
      return all.filter(file -> file.toString().endsWith(".safetensors")).sorted().toList();
    }
  }

  @Test
  void aFirstLineThatIsDamagedIsSaidToBe() throws IOException {
    Path run = runs.interrupted("run");
    RunFixture.flip(run.resolve("journal.jsonl"), "{\"inp".length());
    assertThatThrownBy(() -> runs.resume("run"))
        .hasMessageContaining("journal.jsonl:1: is damaged")
        .hasMessageContaining("--overwrite");
  }

  @Test
  void aLineThatIsTornOrDamagedIsComputedAgain() throws IOException {
    Path journal = runs.run("run").resolve("journal.jsonl");
    List<String> lines = Files.readAllLines(journal);
    String torn = lines.get(0) + "\n" + lines.get(1) + "\n" + lines.get(2).substring(0, 40);
    Files.writeString(journal, torn);
    staged.clear();
    runs.resume("run");
    assertThat(staged).containsExactly("first", "second");
    runs.assertSame("whole", "run");
    assertThat(runs.log("run")).contains("journal.jsonl:3: is damaged");
    staged.clear();
    runs.resume("run");
    assertThat(staged).as("the line after the torn one is read").isEmpty();
  }

  @Test
  void stagesThatWereToBeRemovedWhenTheRunWasKilledAreRemoved() throws IOException {
    Path stages = runs.interrupted("run").resolve("stages");
    Path kept = Files.createDirectories(folder.resolve("kept")).resolve("first.safetensors");
    Files.copy(stages.resolve("custom/first.safetensors"), kept);
    runs.resume("run");
    Files.copy(
        kept, Files.createDirectories(stages.resolve("custom")).resolve("first.safetensors"));
    runs.resume("run");
    runs.assertSame("whole", "run");
    assertThat(stages).doesNotExist();
  }

  @Test
  void aRunOfAnEarlierVersionThatNotedNoHashesIsComputedAgain() throws IOException {
    Path journal = runs.run("run").resolve("journal.jsonl");
    String first = Files.readAllLines(journal).getFirst().replace(",\"journal\":2", "");
    Files.writeString(journal, first + "\n{\"probe\":\"evaluating\"}\n{\"probe\":\"custom\"}\n");
    assertThat(runs.changed("run")).isEmpty();
    staged.clear();
    runs.resume("run");
    assertThat(staged).containsExactly("first", "second");
    runs.assertSame("whole", "run");
  }
}
