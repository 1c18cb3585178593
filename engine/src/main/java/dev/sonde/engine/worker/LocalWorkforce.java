package dev.sonde.engine.worker;

import dev.sonde.engine.host.Folders;
import dev.sonde.engine.host.Progress;
import dev.sonde.engine.shard.ShardExecutor;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Worker processes of this installation on this machine, among which its processors are shared out.
 *
 * @param count how many; 0: this process computes
 * @param folders the installation
 * @param isolating whether probes of plugins that are not bundled are computed apart
 */
public record LocalWorkforce(int count, Folders folders, boolean isolating) implements Workforce {
  /** The folder of a run in which workers leave what they print, and how they crashed. */
  public static final String FOLDER = "workers";

  private static final String JAVA_OPTIONS = "JDK_JAVA_OPTIONS";
  private static final String THREADS = "OMP_NUM_THREADS";

  @Override
  public Optional<Workforce> apart() {
    return isolating
        ? Optional.of(new LocalWorkforce(Math.max(1, count), folders, true))
        : Optional.empty();
  }

  @Override
  public ShardExecutor of(Assignment assignment, Progress progress) {
    if (count == 0) {
      return ShardExecutor.local();
    }
    Path logs =
        assignment
            .run()
            .map(run -> run.resolve(FOLDER))
            .orElseGet(
                () ->
                    folders
                        .cache()
                        .resolve(FOLDER)
                        .resolve(String.valueOf(ProcessHandle.current().pid())));
    return new CarriedShards(
        assignment,
        new LocalWorkers(count, command(folders.home()), environment(logs), logs),
        progress);
  }

  /** How a worker of an installation is started. */
  public static List<String> command(Path home) {
    return List.of(home.resolve("bin/sonde").toString(), "worker");
  }

  private Map<String, String> environment(Path logs) {
    int share = Math.max(1, Runtime.getRuntime().availableProcessors() / count);
    Map<String, String> environment = new HashMap<>(folders.environment());
    String options =
        "%s -XX:ActiveProcessorCount=%d \"-XX:ErrorFile=%s\""
            .formatted(
                environment.getOrDefault(JAVA_OPTIONS, ""),
                share,
                logs.resolve(CrashFile.name("%p")));
    environment.put(JAVA_OPTIONS, options.strip());
    environment.putIfAbsent(THREADS, String.valueOf(share));
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    return environment;
  }
}
