import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** A machine that gives less than is asked for: exit code 2 with a remedy, and the same bytes once it gives it. */
final class Limits {
  private Limits() {}

  /** No file may grow over some blocks, as on a disk that is full. */
  static String fileSize(Runs runs, int number) throws Exception {
    Path whole = runs.undisturbed("demo");
    Path store = runs.fresh("store");
    Path out = runs.fresh("limited");
    int blocks = 1 + new SplittableRandom(number).nextInt(200);
    Process process =
        runs.start(
            store, runs.command("demo", out), "sh", "-c", "ulimit -f " + blocks + "; exec \"$@\"", "limited");
    Runs.Ended ended = runs.end(process);
    if (ended.code() == 0) {
      return Runs.difference(whole, out);
    }
    return refused(ended) + again(runs, whole, store, out);
  }

  /** The store or the run folder may not be written. */
  static String readOnly(Runs runs, int number) throws Exception {
    if (Files.isWritable(Path.of("/proc/version")) || System.getProperty("user.name").equals("root")) {
      return ""; // nothing is read-only for root
    }
    Path whole = runs.undisturbed("demo");
    Path store = Files.createDirectories(runs.fresh("store"));
    Path out = Files.createDirectories(runs.fresh("limited"));
    Path closed = number % 2 == 0 ? store : out;
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
    Runs.Ended ended = runs.run(store, runs.command("demo", out));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwxr-xr-x"));
    return ended.code() == 0 ? "wrote what it may not" : refused(ended) + again(runs, whole, store, out);
  }

  /** Stored activations vanish while a run reads them: the run ends well, or says what is gone. */
  static String vanishing(Runs runs, int number) throws Exception {
    Path whole = runs.undisturbed("demo");
    Path store = runs.fresh("store");
    runs.run(store, runs.command("demo", runs.fresh("first")));
    Path out = runs.fresh("limited");
    Process process = runs.start(store, runs.command("demo", out));
    Thread.sleep((long) (1000 * runs.seconds("demo") * new SplittableRandom(number).nextDouble()));
    try (Stream<Path> all = Files.walk(store.resolve("activations"))) {
      for (Path file : all.filter(f -> f.toString().endsWith(".safetensors")).toList()) {
        Files.deleteIfExists(file);
      }
    }
    Runs.Ended ended = runs.end(process);
    return ended.code() == 0 ? Runs.farDifference(whole, out) : refused(ended) + again(runs, whole, store, out);
  }

  private static String refused(Runs.Ended ended) {
    boolean clear = ended.code() == 2 && ended.err().contains("error:") && !ended.err().contains("bug in Sonde");
    return clear ? "" : "exit code %d: %s; ".formatted(ended.code(), ended.err());
  }

  /** Once there is room, resumed or run again. */
  private static String again(Runs runs, Path whole, Path store, Path out) throws Exception {
    boolean begun = Files.exists(out.resolve("experiment.yaml"));
    List<String> command = begun ? List.of("resume", out.toString()) : runs.command("demo", out);
    if (!begun) {
      command.add("--overwrite");
    }
    Runs.Ended ended = runs.run(store, command);
    return ended.code() == 0 ? Runs.difference(whole, out) : "not gone on with: " + ended.err();
  }
}
