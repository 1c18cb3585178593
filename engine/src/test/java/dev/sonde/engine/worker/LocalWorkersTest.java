package dev.sonde.engine.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.probe.Artifact;
import dev.sonde.engine.host.Progress;
import dev.sonde.engine.plugin.PluginRequiredException;
import dev.sonde.engine.shard.ShardExecutor;
import dev.sonde.engine.shard.ShardTask;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that compute nothing. */
class LocalWorkersTest {
  @TempDir Path folder;

  private final List<String> warnings = new ArrayList<>();
  private final List<ShardTask> finished = new ArrayList<>();

  private final Progress progress =
      new Progress() {
        @Override
        public void at(String what, long done, long total) {}

        @Override
        public void warning(String text) {
          warnings.add(text);
        }
      };

  private void execute(int workers, String version, List<ShardTask> tasks) {
    Assignment assignment =
        new Assignment(
            version, "", Optional.empty(), "", Map.of(), Map.of(), Map.of(), "", folder, List.of());
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classPath(),
            FakeWorker.class.getName());
    try (ShardExecutor executor =
        new CarriedShards(
            assignment,
            new LocalWorkers(workers, command, Map.of(), folder.resolve("workers")),
            progress)) {
      executor.execute(tasks, here -> {}, finished::add);
      assertThat(executor.processors()).containsExactly("fake processor");
    }
  }

  private static String classPath() {
    String modules = System.getProperty("jdk.module.path", "");
    String classes =
        Path.of(FakeWorker.class.getProtectionDomain().getCodeSource().getLocation().getPath())
            .toString();
    return String.join(
        File.pathSeparator, classes, System.getProperty("java.class.path", ""), modules);
  }

  private static List<ShardTask> tasks(String stage, int count) {
    List<ShardTask> tasks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      tasks.add(
          new ShardTask.OfProbe("p", stage, 1, "s" + i, Artifact.empty().with("n", i), Map.of()));
    }
    return tasks;
  }

  @Test
  void everyTaskIsAnsweredOnceAndLogsOfWorkersThatLivedAreGone() {
    List<ShardTask> tasks = tasks("fine", 7);
    execute(3, "v", tasks);
    assertThat(finished).containsExactlyInAnyOrderElementsOf(tasks);
    assertThat(warnings).contains("computing s0", "computing s6");
    assertThat(folder.resolve("workers")).doesNotExist();
  }

  @Test
  void aTaskOverWhichAWorkerDiedIsTriedAgainAndTheCauseNamed() {
    List<ShardTask> tasks = new ArrayList<>(tasks("fine", 2));
    tasks.add(
        new ShardTask.OfProbe(
            "p", "die-once", 1, folder.resolve("mark").toString(), Artifact.empty(), Map.of()));
    execute(2, "v", tasks);
    assertThat(finished).containsExactlyInAnyOrderElementsOf(tasks);
    assertThat(warnings)
        .anyMatch(
            text ->
                text.contains("was ended by signal 9 (KILL)")
                    && text.contains("stage 'die-once' of the probe 'p' is tried again"));
    assertThat(folder.resolve("workers")).isNotEmptyDirectory();
  }

  @Test
  void aTaskThatKillsFourWorkersEndsTheWork() {
    assertThatThrownBy(() -> execute(1, "v", tasks("die", 1)))
        .isInstanceOf(PluginRequiredException.class)
        .hasMessageContaining("shard 's0' of stage 'die' of the probe 'p' has failed 4 times")
        .hasMessageContaining("worker-1.log");
    assertThat(finished).isEmpty();
  }

  @Test
  void whatAWorkerThrowsLooksAsItDidThere() {
    assertThatThrownBy(() -> execute(1, "v", tasks("throw", 1)))
        .hasToString("java.lang.IllegalStateException: no power")
        .hasMessageContaining("FakeWorker.main");
  }

  @Test
  void aProbeThatEndsItsProcessIsNotTriedAgain() {
    List<ShardTask> one = List.of(new ShardTask.WholeProbe("p"));
    execute(1, "v", one);
    assertThat(finished).isEqualTo(one);
    assertThatThrownBy(() -> execute(1, "other", one)).hasMessageContaining("another version");
  }
}
