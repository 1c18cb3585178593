import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Short runs of the five experiments by the distribution, each as a process. */
final class Runs {
  /** What makes an experiment short. */
  static final Map<String, List<String>> SHORT = new LinkedHashMap<>();

  static {
    List<String> quick =
        List.of("evaluation.permutations=19", "evaluation.random_init=false", "data.limit=96");
    SHORT.put("demo", quick);
    SHORT.put(
        "reasoning-direction",
        Stream.concat(quick.stream(), Stream.of("probes.direction.with.steer=false")).toList());
    SHORT.put(
        "position", List.of("data.limit=24", "probes.position.with.perturbations=[]"));
    SHORT.put(
        "influence",
        List.of("sets.documents.limit=120", "sets.queries.limit=6", "probes.influence.with.keep=[]"));
    SHORT.put("step-importance", List.of("data.limit=6", "probes.steps.with.epochs=2"));
  }

  private static final Pattern NUMBER = Pattern.compile("(?<![A-Za-z0-9])-?[0-9]+(\\.[0-9]+)?(E-?[0-9]+|e-?[0-9]+)?(?![A-Za-z0-9])");

  /** To which metrics agree across budgets. */
  private static final double SAME_METRIC = 1e-4;

  private final Path home;
  private final Path folder;
  private final Map<String, Double> seconds = new TreeMap<>();

  Runs(Path home, Path folder) {
    this.home = home;
    this.folder = folder;
  }

  Path folder() {
    return folder;
  }

  Path home() {
    return home;
  }

  /** What a process came to. */
  record Ended(int code, String out, String err) {}

  /** The arguments that run an experiment into a folder. */
  List<String> command(String experiment, Path out) {
    List<String> command =
        new ArrayList<>(
            List.of("run", home.resolve("experiments/" + experiment + ".yaml").toString(), "--out", out.toString()));
    SHORT.get(experiment).forEach(setting -> command.addAll(List.of("--set", setting)));
    return command;
  }

  /** Starts the program with a store of its own. */
  Process start(Path store, List<String> arguments, String... before) throws IOException {
    List<String> command = new ArrayList<>(List.of(before));
    command.add(home.resolve("bin/sonde").toString());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("SONDE_CACHE", store.toString());
    builder.environment().put("SONDE_PLUGINS", folder.resolve("none").toString());
    builder.environment().putIfAbsent("OMP_NUM_THREADS", "1");
    builder.redirectOutput(folder.resolve("out").toFile()).redirectError(folder.resolve("err").toFile());
    return builder.start();
  }

  /** Waits for a process. */
  Ended end(Process process) throws Exception {
    int code = process.waitFor();
    return new Ended(code, Files.readString(folder.resolve("out")), Files.readString(folder.resolve("err")));
  }

  Ended run(Path store, List<String> arguments) throws Exception {
    return end(start(store, arguments));
  }

  /** An undisturbed run, made once; how long it took is remembered. */
  Path undisturbed(String experiment) throws Exception {
    Path out = folder.resolve("undisturbed/" + experiment);
    Path took = folder.resolve("undisturbed/" + experiment + ".seconds");
    if (!Files.exists(took)) {
      remove(out);
      Files.createDirectories(out.getParent());
      Path store = fresh("store");
      long began = System.nanoTime();
      Ended ended = run(store, command(experiment, out));
      if (ended.code() != 0) {
        throw new IllegalStateException(experiment + ": " + ended.err());
      }
      Files.writeString(took, String.valueOf((System.nanoTime() - began) / 1e9));
    }
    seconds.put(experiment, Double.parseDouble(Files.readString(took)));
    return out;
  }

  double seconds(String experiment) {
    return seconds.get(experiment);
  }

  /** An empty place. */
  Path fresh(String name) {
    Path place = folder.resolve(name);
    remove(place);
    return place;
  }

  /** What differs between two runs of one experiment that should be equal; nothing if nothing does. */
  static String difference(Path one, Path other) throws IOException {
    Map<String, Path> left = lasting(one);
    Map<String, Path> right = lasting(other);
    if (!left.keySet().equals(right.keySet())) {
      return "files %s instead of %s".formatted(right.keySet(), left.keySet());
    }
    for (Map.Entry<String, Path> file : left.entrySet()) {
      if (Files.mismatch(file.getValue(), right.get(file.getKey())) >= 0) {
        return file.getKey() + " differs";
      }
    }
    return "";
  }

  /**
   * What differs between two reports by more than rounding; nothing if nothing does. Activations that are computed again beside
   * others than before may differ in their last bits.
   */
  static String farDifference(Path one, Path other) throws IOException {
    String left = Files.readString(one.resolve("report.json"));
    String right = Files.readString(other.resolve("report.json"));
    if (!NUMBER.matcher(left).replaceAll("").equals(NUMBER.matcher(right).replaceAll(""))) {
      return "report.json says something else";
    }
    double[] a = NUMBER.matcher(left).results().mapToDouble(found -> Double.parseDouble(found.group())).toArray();
    double[] b = NUMBER.matcher(right).results().mapToDouble(found -> Double.parseDouble(found.group())).toArray();
    for (int i = 0; i < a.length; i++) {
      if (Math.abs(a[i] - b[i]) > SAME_METRIC * (1 + Math.abs(a[i]))) {
        return "report.json has %s instead of %s".formatted(b[i], a[i]);
      }
    }
    return "";
  }

  private static Map<String, Path> lasting(Path run) throws IOException {
    Map<String, Path> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(run)) {
      all.filter(Files::isRegularFile)
          .forEach(file -> files.put(run.relativize(file).toString(), file));
    }
    List.of("journal.jsonl", "log", "timing.json", "lock").forEach(files::remove);
    return files;
  }

  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Files.copy(each, to.resolve(from.relativize(each).toString()));
      }
    }
  }

  static void remove(Path place) {
    if (!Files.exists(place)) {
      return;
    }
    try (Stream<Path> all = Files.walk(place)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        each.toFile().setWritable(true);
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
