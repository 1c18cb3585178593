import dev.sonde.engine.Sonde;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** One bit of what is kept changes, and the file's time does not. */
final class Flips {
  private static Sonde opened;

  private Flips() {}

  /** {@code verify} names the file of a finished run whose bit changed; kinds of files take turns. */
  static String finished(Runs runs, int number) throws Exception {
    List<String> experiments = List.copyOf(Runs.SHORT.keySet());
    Path run = runs.undisturbed(experiments.get(number % experiments.size()));
    Path file = one(run, number);
    List<String> changed =
        flipped(file, number, () -> sonde(runs, runs.folder().resolve("cache")).verify(run));
    String name = String.valueOf(file.getFileName());
    return changed.stream().anyMatch(line -> line.contains(name))
        ? ""
        : "%s: not noticed (%s)".formatted(run.relativize(file), changed);
  }

  /** {@code store verify} finds the chunk whose bit changed. */
  static String store(Runs runs, int number) throws Exception {
    Path cache = runs.folder().resolve("cache");
    if (!Files.isDirectory(cache.resolve("activations"))) {
      Runs.Ended ended = runs.run(cache, runs.command("demo", runs.fresh("stored")));
      if (ended.code() != 0) {
        throw new IllegalStateException(ended.err());
      }
    }
    Path file = one(cache.resolve("activations"), number);
    boolean sound =
        flipped(file, number, () -> sonde(runs, cache).storedActivations().check(false).sound());
    return sound ? cache.relativize(file) + ": not noticed" : "";
  }

  /** A run whose kept files changed after an interruption resumes to the same bytes. */
  static String resumed(Runs runs, int number) throws Exception {
    List<String> experiments = List.of("influence", "step-importance", "demo");
    String experiment = experiments.get(number % experiments.size());
    Path whole = runs.undisturbed(experiment);
    Path store = runs.fresh("store");
    Path out = runs.fresh("interrupted");
    Process process = runs.start(store, runs.command(experiment, out));
    SplittableRandom random = new SplittableRandom(number);
    while (process.isAlive() && kept(out).isEmpty()) {
      Thread.sleep(20);
    }
    Thread.sleep((long) (500 * runs.seconds(experiment) * random.nextDouble()));
    process.destroyForcibly().waitFor();
    List<Path> kept = kept(out);
    if (kept.isEmpty()) {
      return "nothing was kept before the end";
    }
    flip(kept.get(random.nextInt(kept.size())), number);
    Runs.Ended ended = runs.run(store, List.of("resume", out.toString()));
    return ended.code() != 0 ? "not resumed: " + ended.err() : Runs.difference(whole, out);
  }

  /** A run over a store in which a bit changed gives the same bytes. */
  static String stored(Runs runs, int number) throws Exception {
    Path whole = runs.undisturbed("demo");
    Path store = runs.fresh("store");
    runs.run(store, runs.command("demo", runs.fresh("first")));
    flip(one(store.resolve("activations"), number), number);
    Path out = runs.fresh("again");
    Runs.Ended ended = runs.run(store, runs.command("demo", out));
    return ended.code() != 0 ? "not run: " + ended.err() : Runs.farDifference(whole, out);
  }

  private static List<Path> kept(Path run) throws IOException {
    List<Path> kept = new ArrayList<>();
    for (String place : List.of("stages", "artifacts")) {
      if (Files.isDirectory(run.resolve(place))) {
        try (Stream<Path> all = Files.walk(run.resolve(place))) {
          all.filter(Files::isRegularFile)
              .filter(file -> !file.toString().contains("unfinished"))
              .forEach(kept::add);
        } catch (java.io.UncheckedIOException vanished) {
          continue; // it is being written
        }
      }
    }
    return kept;
  }

  /** A file below a folder; those of another kind, by their ending and place, come first. */
  private static Path one(Path folder, int number) throws IOException {
    Map<String, List<Path>> kinds = new LinkedHashMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      all.filter(Files::isRegularFile)
          .filter(file -> file.toFile().length() > 0)
          .sorted()
          .forEach(
              file -> {
                String name = file.getFileName().toString();
                String kind = name.substring(name.indexOf('.') + 1);
                kinds.computeIfAbsent(kind.matches("[0-9a-f.]*safetensors") ? "safetensors" : name, key -> new ArrayList<>()).add(file);
              });
    }
    kinds.keySet().removeAll(List.of("lock", "door"));
    List<List<Path>> all = List.copyOf(kinds.values());
    List<Path> files = all.get(number % all.size());
    return files.get(new SplittableRandom(number).nextInt(files.size()));
  }

  private static <T> T flipped(Path file, int number, java.util.function.Supplier<T> look) throws IOException {
    FileTime time = Files.getLastModifiedTime(file);
    flip(file, number);
    try {
      return look.get();
    } finally {
      flip(file, number);
      Files.setLastModifiedTime(file, time);
    }
  }

  /** Changes a bit, and back if done again. */
  private static void flip(Path file, int number) throws IOException {
    FileTime time = Files.getLastModifiedTime(file);
    SplittableRandom random = new SplittableRandom(31L * number + 1);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long at = random.nextLong(channel.size());
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.read(one, at);
      one.put(0, (byte) (one.get(0) ^ 1 << random.nextInt(8)));
      channel.write(one.rewind(), at);
    }
    Files.setLastModifiedTime(file, time);
  }

  /** One installation for all looks, with the store that is looked at. */
  private static Sonde sonde(Runs runs, Path cache) {
    if (opened == null) {
      Sonde.Listener silent =
          new Sonde.Listener() {
            @Override
            public void progress(String what, long done, long total) {}

            @Override
            public void warning(String text) {}
          };
      opened =
          Sonde.open(
              runs.home(),
              Map.of("SONDE_CACHE", cache.toString(), "SONDE_PLUGINS", runs.folder().resolve("none").toString()),
              List.of(),
              silent);
    }
    return opened;
  }
}
