import dev.sonde.api.Plugin;
import dev.sonde.api.Resources;
import dev.sonde.api.SondeException;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.model.ModelSource;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Truncated files and files with other bits on llama.cpp, through all that stands before it: each
 * is refused with a reason or runs; a process that ends on one is a failure, which the next start
 * finds in the results and counts. Goes on where it was; see README.md.
 *
 * <p>java -cp CLASSES bench/Fuzz.java FOLDER COUNT RESULTS.tsv
 */
public class Fuzz {
  private static final String BEGUN = "begun";

  void main(String[] arguments) throws Exception {
    List<Path> files;
    try (Stream<Path> all = Files.walk(Path.of(arguments[0]))) {
      files = all.filter(path -> path.toString().endsWith(".gguf")).sorted().toList();
    }
    int count = Integer.parseInt(arguments[1]);
    Path results = Path.of(arguments[2]);
    Set<String> done = new TreeSet<>();
    if (Files.exists(results)) {
      Files.readAllLines(results).forEach(line -> done.add(line.split("\t")[0]));
    }
    ModelBackendFactory factory =
        ServiceLoader.load(Plugin.class).stream()
            .flatMap(plugin -> plugin.get().backends().stream())
            .filter(each -> each.name().equals("llamacpp"))
            .findFirst()
            .orElseThrow();
    Path folder = Files.createTempDirectory("fuzz");
    for (int seed = 0; seed < count; seed++) {
      for (String kind : List.of("truncated", "flipped")) {
        String name = kind + "-" + seed;
        if (done.add(name)) {
          note(results, name, BEGUN);
          byte[] whole = Files.readAllBytes(files.get(seed % files.size()));
          byte[] broken = kind.equals("truncated") ? truncated(whole, seed) : flipped(whole, seed);
          note(results, name, tried(factory, Files.write(folder.resolve("model.gguf"), broken), folder));
        }
      }
    }
    tell(results);
  }

  private static byte[] truncated(byte[] whole, int seed) {
    return Arrays.copyOf(whole, new Random(seed).nextInt(whole.length));
  }

  /** One bit: of every second file in its first eighth, where its header is. */
  private static byte[] flipped(byte[] whole, int seed) {
    Random random = new Random(seed);
    byte[] other = whole.clone();
    int end = seed / 2 % 2 == 0 ? whole.length / 8 : whole.length;
    other[random.nextInt(end)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
    return other;
  }

  private static String tried(ModelBackendFactory factory, Path file, Path folder) throws Exception {
    Path cache = folder.resolve("cache");
    if (Files.exists(cache)) {
      try (Stream<Path> old = Files.walk(cache)) {
        old.filter(Files::isRegularFile).forEach(path -> path.toFile().delete());
      }
    }
    Resources resources = Resources.of(cache).threads(1);
    ModelSource source = ModelSource.of("model", file, resources, new Decode.Defaults(factory.settings()));
    try (LanguageModel model = factory.open(source)) {
      HookPoint last = HookPoint.of(model.info().layers() - 1, HookPoint.RESID_POST);
      model.forward(ForwardRequest.of(List.of(Sequence.of(1, 2, 3))).read(Read.of(last, Selector.all()))).forEach(b -> {});
      model.generate(GenerateRequest.greedy(List.of(Sequence.of(1, 2).maxNewTokens(3)))).forEach(g -> {});
      return "ran";
    } catch (SondeException e) {
      String message = String.valueOf(e.getMessage());
      return (message.contains("ends its process") ? "refused by trial\t" : "refused\t") + message.lines().findFirst().orElse("");
    } catch (RuntimeException e) {
      return "THROWN\t" + e;
    }
  }

  private static void note(Path results, String name, String what) throws Exception {
    Files.writeString(results, name + "\t" + what + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static void tell(Path results) throws Exception {
    TreeMap<String, String> last = new TreeMap<>();
    Files.readAllLines(results).forEach(line -> last.put(line.split("\t")[0], line.split("\t")[1]));
    TreeMap<String, Integer> counts = new TreeMap<>();
    last.forEach((name, what) -> counts.merge(name.split("-")[0] + ": " + (what.equals(BEGUN) ? "ENDED THE PROCESS" : what), 1, Integer::sum));
    IO.println(counts);
  }
}
