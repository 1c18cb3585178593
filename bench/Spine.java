import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Times and memory of the distribution as a user meets them; see README.md. */
public final class Spine {
  private static final Path ROOT = Path.of("").toAbsolutePath();
  private static final Path SONDE = ROOT.resolve("dist/target/sonde/bin/sonde");
  private static final Path MODEL = ROOT.resolve("models/microworld");
  private static final int REPEATS = 5;

  /** All of the heap is touched at once, so that what grows is what the rows cost. */
  private static final String FIXED_HEAP = "-Xms1g -XX:+AlwaysPreTouch";

  private Spine() {}

  private record Measured(double seconds, long peakKib, long anonymousKib) {}

  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory("sonde-bench");
    System.out.printf(
        "%d processors, %s%n%n",
        Runtime.getRuntime().availableProcessors(), System.getProperty("java.vm.version"));
    System.out.println("| what | seconds | peak MiB | peak anonymous MiB |");
    System.out.println("|---|---|---|---|");
    row("`--help`, median of " + REPEATS, median(folder, "--help"));
    row("`plugins`, median of " + REPEATS, median(folder, "plugins"));
    row("first `demo`, PyTorch, empty cache", run(folder, "demo", "--out", "a"));
    row("`demo` again: no model is run", run(folder, "demo", "--out", "b"));
    row("`demo --backend reference`", run(folder, "demo", "--backend", "reference", "--out", "c"));
    for (int rows : new int[] {2_000, 20_000}) {
      for (String backend : List.of("pytorch", "reference")) {
        Measured measured =
            run(
                folder, "capture", "--model", MODEL, "--backend", backend, "--data",
                rows(folder, rows), "--text", "text", "--read", "blocks.*.hook_resid_post",
                "--tokens", "last", "--out", backend + rows + ".safetensors");
        row("`capture --tokens last`, %d rows, %s".formatted(rows, backend), measured);
      }
    }
    delete(folder);
  }

  private static void row(String what, Measured m) {
    System.out.printf(
        "| %s | %.2f | %d | %d |%n", what, m.seconds, m.peakKib / 1024, m.anonymousKib / 1024);
  }

  private static Measured median(Path folder, Object... arguments) throws Exception {
    List<Measured> all = new ArrayList<>();
    for (int i = 0; i < REPEATS; i++) {
      all.add(run(folder, arguments));
    }
    all.sort((a, b) -> Double.compare(a.seconds, b.seconds));
    return all.get(REPEATS / 2);
  }

  private static Measured run(Path folder, Object... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(SONDE.toString()));
    Arrays.stream(arguments).map(Object::toString).forEach(command::add);
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().putAll(Map.of("SONDE_CACHE", folder.resolve("cache").toString()));
    if (arguments[0].equals("capture")) {
      builder.environment().put("JAVA_TOOL_OPTIONS", FIXED_HEAP);
    }
    builder.redirectErrorStream(true).redirectOutput(folder.resolve("output").toFile());
    long began = System.nanoTime();
    Process process = builder.start();
    Path status = Path.of("/proc/" + process.pid() + "/status");
    long peak = 0;
    long anonymous = 0;
    while (process.isAlive()) {
      try {
        for (String line : Files.readAllLines(status)) {
          if (line.startsWith("VmHWM")) {
            peak = Math.max(peak, kib(line));
          } else if (line.startsWith("RssAnon")) {
            anonymous = Math.max(anonymous, kib(line));
          }
        }
      } catch (IOException gone) {
        break;
      }
      Thread.sleep(5);
    }
    if (process.waitFor() != 0) {
      throw new IllegalStateException(command + ":\n" + Files.readString(folder.resolve("output")));
    }
    return new Measured((System.nanoTime() - began) / 1e9, peak, anonymous);
  }

  private static long kib(String line) {
    return Long.parseLong(line.replaceAll("\\D", ""));
  }

  /** So many texts of the corpus, from the start again where it ends. */
  private static Path rows(Path folder, int count) throws IOException {
    List<String> corpus = Files.readAllLines(MODEL.resolve("data/corpus.jsonl"));
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(corpus.get(i % corpus.size()).replaceFirst("\"id\": \"[^\"]*\"", "\"id\": \"" + i + "\""));
    }
    return Files.write(folder.resolve("rows" + count + ".jsonl"), rows);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }
}
