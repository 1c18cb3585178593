package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shards computed by worker processes of the assembled distribution: the same bytes, or a word. */
class WorkersIT {
  /** As many workers are killed in a run; {@code -Dsonde.kills=20} for the bench. */
  private static final int KILLS = Integer.getInteger("sonde.kills", 2);

  /** Four shards of a stage behind one capture. */
  private static final List<String> EXPERIMENT =
      List.of(
          Distribution.HOME.resolve("experiments/step-importance.yaml").toString(),
          "--set",
          "data.limit=8",
          "--set",
          "probes.steps.with.cohort=2",
          "--set",
          "probes.steps.with.probe=none",
          "--set",
          "model.with.threads=1");

  @TempDir static Path folder;

  private static Distribution sonde;

  @BeforeAll
  static void runInOneProcess() {
    sonde = new Distribution(folder);
    Distribution.Said said = sonde.run(command("local"));
    assertThat(said.code()).as(said.err()).isZero();
  }

  private static Object[] command(String... arguments) {
    List<String> command = new ArrayList<>(List.of("run"));
    command.addAll(EXPERIMENT);
    command.addAll(List.of("--out"));
    command.addAll(Arrays.asList(arguments));
    return command.toArray();
  }

  private String report(String run) throws IOException {
    return Files.readString(folder.resolve(run).resolve("report.json"));
  }

  @Test
  void twoWorkersAndPartsThatWereHandedOutGiveTheReportOfOneProcess() throws IOException {
    Distribution.Said said = sonde.run(command("two", "--workers", "2"));
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(report("two")).isEqualTo(report("local"));
    assertThat(folder.resolve("two/workers")).doesNotExist();

    Distribution.Said handed = sonde.run(command("parts", "--hand-out"));
    assertThat(handed.code()).as(handed.err()).isZero();
    assertThat(handed.out()).contains("4 shards are ready").contains("sonde resume parts");
    for (String part : List.of("1/2", "2/2")) {
      Distribution.Said worker = sonde.run("worker", "--shards", part, "parts");
      assertThat(worker.out()).contains("2 shards computed");
    }
    assertThat(sonde.run("resume", "parts").code()).isZero();
    assertThat(report("parts")).isEqualTo(report("local"));
    assertThat(folder.resolve("parts/handed-out")).doesNotExist();
    assertThat(sonde.run("verify", "parts").code()).isZero();
    Distribution.Said nothing = sonde.run("worker", "--shards", "1/2", "parts");
    assertThat(nothing.code()).isEqualTo(2);
    assertThat(nothing.err()).contains("has handed out no shards");
  }

  @Test
  void aRunWhoseWorkersAreKilledGivesTheReportOfOneProcess() throws Exception {
    Random moments = new Random(17);
    for (int i = 0; i < KILLS; i++) {
      String run = "killed" + i;
      Process process = sonde.start(command(run, "--workers", "2"));
      Optional<ProcessHandle> worker = Optional.empty();
      while (process.isAlive() && worker.isEmpty()) {
        Thread.sleep(20); // a core that spins would be missed by what runs beside it
        worker = process.descendants().filter(WorkersIT::isWorker).findAny();
      }
      Thread.sleep(moments.nextInt(4_000));
      worker.ifPresent(ProcessHandle::destroyForcibly);
      Distribution.Said said = sonde.process(process);
      assertThat(said.code()).as(said.err()).isZero();
      assertThat(report(run)).isEqualTo(report("local"));
    }
  }

  private static boolean isWorker(ProcessHandle process) {
    return process
        .info()
        .arguments()
        .map(Arrays::asList)
        .filter(arguments -> arguments.contains("worker"))
        .isPresent();
  }

  @Test
  void aProbeThatIsKeptApartTakesNothingOfTheOthersWithIt() throws IOException {
    Path zoo = Files.createDirectories(folder.resolve("zoo"));
    new SmallPlugin("leaver").run("System.exit(0);").writeTo(zoo);
    new SmallPlugin("halter").run("Runtime.getRuntime().halt(0);").writeTo(zoo);
    new SmallPlugin("looper").run("while (true) { Thread.onSpinWait(); }").writeTo(zoo);
    new SmallPlugin("crasher")
        .nativeCode()
        .run(
            "java.lang.foreign.MemorySegment.ofAddress(8).reinterpret(8)"
                + ".set(java.lang.foreign.ValueLayout.JAVA_BYTE, 0, (byte) 1);")
        .writeTo(zoo);
    new SmallPlugin("fine").run("context.report().note(\"all is well\");").writeTo(zoo);
    Path experiment =
        Files.writeString(
            folder.resolve("experiment.yaml"),
            """
            sonde: 1
            name: zoo
            model: { ref: %s, backend: reference }
            data: { path: %s, text: text, limit: 2 }
            probes: [{ use: leaver }, { use: halter }, { use: looper }, { use: crasher }, { use: fine }]
            """
                .formatted(
                    Distribution.HOME.resolve("models/microworld"),
                    Distribution.HOME.resolve("models/microworld/data/reason-recall.jsonl")));
    sonde.run("plugins", "--allow-native", "crasher", "--plugin-dir", zoo);
    Distribution.Said said =
        new Distribution(folder)
            .with("SONDE_STALL_LIMIT", 30)
            .run("run", experiment, "--plugin-dir", zoo, "--out", "apart", "--isolate");
    assertThat(said.code()).as(said.err()).isEqualTo(3);
    assertThat(said.err())
        .contains("plugin 'leaver' ended the process: System.exit at small.leaver")
        .contains("probe 'halter' failed: worker process")
        .contains("ended with exit code 0")
        .contains("plugin 'looper' has made no progress for 30 s")
        .contains("probe 'crasher' failed: worker process")
        .containsPattern(
            "signal 6 .ABRT.: native code crashed the Java virtual machine .SIGSEGV. in")
        .containsPattern("see hs_err-[0-9]+\\.log");
    try (Stream<Path> files = Files.list(folder.resolve("apart/workers"))) {
      assertThat(files.map(file -> String.valueOf(file.getFileName())))
          .anyMatch(name -> name.startsWith("hs_err-"));
    }
    assertThat(report("apart")).contains("all is well");
  }
}
