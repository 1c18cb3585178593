import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * One worker process against two, on the same capture: {@code java bench/Scale.java [ROWS] [HOME]}.
 * Each worker has one thread of libtorch. Prints wall seconds and CPU seconds of all processes, and
 * the efficiency of two workers against one, T1 / (2 T2), by both: by the wall it holds only on a
 * machine with two idle cores, by the CPU it says what the second worker costs in work.
 */
class Scale {
  private static final String[] WORDS =
      "the a cat dog runs sees red blue house tree river over under quickly and then says"
          .split(" ");

  private record Cost(double wall, double cpu) {}

  public static void main(String[] arguments) throws Exception {
    int rows = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20_000;
    Path home = Path.of(arguments.length > 1 ? arguments[1] : "dist/target/sonde").toAbsolutePath();
    Path folder = Files.createTempDirectory("scale");
    Path data = write(folder, rows);
    run(home, folder, write(folder.resolve("warm"), 10), 1); // unpacks native libraries
    Cost one = run(home, folder, data, 1);
    Cost two = run(home, folder, data, 2);
    System.out.printf(
        Locale.ROOT,
        "%d rows: one worker %.1f s (%.1f s CPU), two %.1f s (%.1f s CPU); efficiency %.2f by the"
            + " wall, %.2f by CPU%n",
        rows,
        one.wall,
        one.cpu,
        two.wall,
        two.cpu,
        one.wall / (2 * two.wall),
        one.cpu / two.cpu);
    boolean same =
        Files.mismatch(folder.resolve("out1.safetensors"), folder.resolve("out2.safetensors")) < 0;
    System.out.println(same ? "the files are equal" : "THE FILES DIFFER");
  }

  private static Path write(Path folder, int rows) throws IOException {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < rows; row++) {
      text.append("{\"text\":\"");
      for (int words = 20 + random.nextInt(60); words > 0; words--) {
        text.append(WORDS[random.nextInt(WORDS.length)]).append(words == 1 ? "" : " ");
      }
      text.append("\"}\n");
    }
    Files.createDirectories(folder);
    return Files.writeString(folder.resolve("rows.jsonl"), text);
  }

  private static Cost run(Path home, Path folder, Path data, int workers) throws Exception {
    Path out = folder.resolve("out" + workers + ".safetensors");
    List<String> command = new ArrayList<>();
    command.addAll(
        Arrays.asList(home + "/bin/sonde", "capture", "--model", home + "/models/microworld"));
    command.addAll(Arrays.asList("--data", data.toString(), "--text", "text", "--tokens", "last"));
    command.addAll(
        Arrays.asList("--read", "blocks.*.hook_resid_post", "--set", "model.with.threads=1"));
    command.addAll(
        Arrays.asList("--out", out.toString(), "--overwrite", "--workers", "" + workers));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(folder.resolve("said").toFile());
    Path cache = folder.resolve("cache");
    if (Files.exists(cache.resolve("activations"))) {
      Files.move(cache.resolve("activations"), folder.resolve("old" + System.nanoTime()));
    }
    builder.environment().put("SONDE_CACHE", cache.toString());
    builder.environment().put("OMP_NUM_THREADS", "1");
    long began = System.nanoTime();
    Process process = builder.start();
    Map<Long, Duration> cpu = new HashMap<>();
    while (process.isAlive()) {
      process.descendants().forEach(each -> note(each, cpu));
      note(process.toHandle(), cpu);
      Thread.sleep(100);
    }
    double wall = (System.nanoTime() - began) / 1e9;
    if (process.exitValue() != 0) {
      throw new IllegalStateException(Files.readString(folder.resolve("said")));
    }
    return new Cost(wall, cpu.values().stream().mapToDouble(each -> each.toMillis() / 1e3).sum());
  }

  private static void note(ProcessHandle process, Map<Long, Duration> cpu) {
    process.info().totalCpuDuration().ifPresent(time -> cpu.put(process.pid(), time));
  }
}
