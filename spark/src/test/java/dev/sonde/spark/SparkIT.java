package dev.sonde.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The assembled distribution with the program for Spark beside it, on one machine. */
class SparkIT {
  private static final Path HOME =
      Path.of(System.getProperty("sonde.home", "../dist/target/sonde")).toAbsolutePath();
  private static final Path PROGRAM =
      Path.of(System.getProperty("sonde.spark", "target/program")).toAbsolutePath();
  private static final Pattern MASTER = Pattern.compile("Starting Spark master at (spark://\\S+)");
  private static final int MINUTES = 10;

  /** Four shards of a stage and captures before them. */
  private static final List<String> EXPERIMENT =
      List.of(
          HOME.resolve("experiments/step-importance.yaml").toString(),
          "--set",
          "data.limit=8",
          "--set",
          "probes.steps.with.cohort=2",
          "--set",
          "probes.steps.with.probe=none",
          "--set",
          "model.with.threads=1");

  @TempDir Path folder;

  private final List<Process> cluster = new ArrayList<>();

  @AfterEach
  void endCluster() {
    for (Process process : cluster) {
      kill(process);
    }
  }

  private static void kill(Process process) {
    List<ProcessHandle> below = process.descendants().toList();
    process.destroyForcibly();
    below.forEach(ProcessHandle::destroyForcibly);
  }

  private record Said(int code, String err) {}

  private Process start(String name, Map<String, String> environment, List<String> command)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("SONDE_CACHE", folder.resolve("cache").toString());
    builder.environment().put("SONDE_SPARK", PROGRAM.toString());
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("OMP_NUM_THREADS", "1");
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(folder.resolve(name + ".txt").toFile());
    return builder.start();
  }

  private Said sonde(String name, String... arguments) throws IOException, InterruptedException {
    return said(name, start(name, Map.of(), command(arguments)));
  }

  private static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>(List.of(HOME.resolve("bin/sonde").toString()));
    command.addAll(Arrays.asList(arguments));
    command.addAll(EXPERIMENT);
    return command;
  }

  private Said said(String name, Process process) throws IOException, InterruptedException {
    assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();
    return new Said(process.exitValue(), Files.readString(folder.resolve(name + ".txt")));
  }

  /** The report of a run in this process's own workers: none. */
  private String local() throws IOException, InterruptedException {
    assertThat(sonde("local", "run", "--out", "local").code()).isZero();
    return Files.readString(folder.resolve("local/report.json"));
  }

  @Test
  void sparkInOneProcessWritesTheSameReport() throws IOException, InterruptedException {
    String local = local();
    Said said = sonde("embedded", "spark", "--master", "local[2]", "--out", "embedded");
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(folder.resolve("embedded/report.json")).content().isEqualTo(local);
  }

  @Test
  void aClusterThatLosesAWorkerWritesTheSameReport() throws IOException, InterruptedException {
    String local = local();
    String master = startMaster();
    List<Process> workers = List.of(startWorker(master, 1), startWorker(master, 2));
    Process run =
        start(
            "cluster",
            Map.of(),
            command(
                "spark",
                "--master",
                master,
                "--conf",
                "spark.executor.memory=512m",
                "--conf",
                "spark.executor.cores=1",
                "--out",
                "cluster"));
    Process lost = firstThatComputes(workers, run);
    kill(lost);
    Said said = said("cluster", run);
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(folder.resolve("cluster/report.json")).content().isEqualTo(local);
  }

  /** Waits until a worker of Sonde runs below a worker of Spark. */
  private static Process firstThatComputes(List<Process> workers, Process run)
      throws InterruptedException {
    while (run.isAlive()) {
      for (Process worker : workers) {
        if (worker
            .descendants()
            .anyMatch(
                each ->
                    each.info()
                        .arguments()
                        .map(Arrays::asList)
                        .orElse(List.of())
                        .contains("worker"))) {
          return worker;
        }
      }
      Thread.sleep(50); // a core that spins would be missed by what runs beside it
    }
    throw new AssertionError("no worker was started");
  }

  @Test
  void aMasterThatIsNotThereIsNamed() throws IOException, InterruptedException {
    Said said = sonde("nobody", "spark", "--master", "spark://127.0.0.1:9", "--out", "nobody");
    assertThat(said.code()).isNotZero();
    assertThat(said.err()).contains("Spark");
  }

  private String startMaster() throws IOException, InterruptedException {
    Process master =
        start(
            "master",
            Map.of("SPARK_SCALA_VERSION", "2.13", "SPARK_HOME", PROGRAM.toString()),
            spark("org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", "0"));
    cluster.add(master);
    while (master.isAlive()) {
      try (BufferedReader lines = Files.newBufferedReader(folder.resolve("master.txt"))) {
        for (String line : lines.lines().toList()) {
          Matcher at = MASTER.matcher(line);
          if (at.find()) {
            return at.group(1);
          }
        }
      }
      Thread.sleep(50);
    }
    throw new AssertionError(Files.readString(folder.resolve("master.txt")));
  }

  private Process startWorker(String master, int number) throws IOException {
    Process worker =
        start(
            "worker" + number,
            Map.of("SPARK_SCALA_VERSION", "2.13", "SPARK_HOME", PROGRAM.toString()),
            spark(
                "org.apache.spark.deploy.worker.Worker",
                master,
                "--host",
                "127.0.0.1",
                "--cores",
                "1",
                "--memory",
                "1g",
                "--work-dir",
                folder.resolve("work" + number).toString()));
    cluster.add(worker);
    return worker;
  }

  private static List<String> spark(String main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        Arrays.asList(JavaModuleOptions.defaultModuleOptions().strip().split("\\s+", -1)));
    command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-cp", PROGRAM.resolve("jars") + "/*"));
    command.add(main);
    command.addAll(Arrays.asList(arguments));
    command.addAll(List.of("--webui-port", "0"));
    return command;
  }
}
