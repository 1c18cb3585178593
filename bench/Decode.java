import dev.sonde.api.InvalidInputException;
import dev.sonde.api.Plugin;
import dev.sonde.api.Resources;
import dev.sonde.api.config.Config;
import dev.sonde.api.config.Settings;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.model.ModelSource;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Greedy decoding and capture of one model on llama.cpp in several weight types, on the PyTorch
 * backend, and by transformers' generate, one after the other; see README.md.
 *
 * <p>java -cp CLASSES bench/Decode.java TOKENS THREADS MODEL_FOLDER PYTHON FILE.gguf …
 */
public class Decode {
  private static final int ROWS = 4;
  private static final int ROW_TOKENS = 128;

  /** Settings at their defaults. */
  record Defaults(Settings settings) implements Config {
    private Object value(String key) {
      return settings.find(key).orElseThrow().defaultValue().orElseThrow();
    }

    public boolean has(String key) {
      return settings.find(key).flatMap(s -> s.defaultValue()).isPresent();
    }

    public Set<String> keys() {
      return Set.of();
    }

    public String string(String key) {
      return value(key).toString();
    }

    public int integer(String key) {
      return (int) value(key);
    }

    public double real(String key) {
      return (double) value(key);
    }

    public boolean flag(String key) {
      return (boolean) value(key);
    }

    public List<String> strings(String key) {
      throw new UnsupportedOperationException(key);
    }

    public List<Double> reals(String key) {
      throw new UnsupportedOperationException(key);
    }

    public Config child(String key) {
      throw new UnsupportedOperationException(key);
    }

    public List<Config> children(String key) {
      throw new UnsupportedOperationException(key);
    }

    public InvalidInputException error(String key, String message) {
      return new InvalidInputException(key + " " + message);
    }
  }

  /** Tokens a second by the clock, and a second of the processor. */
  record Speed(double wall, double processor) {
    static Speed of(int tokens, Runnable work) {
      long began = System.nanoTime();
      long used = processorTime();
      work.run();
      return new Speed(tokens * 1e9 / (System.nanoTime() - began), tokens * 1e9 / (processorTime() - used));
    }

    private static long processorTime() {
      return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
          .getProcessCpuTime();
    }

    Speed best(Speed other) {
      return new Speed(Math.max(wall, other.wall), Math.max(processor, other.processor));
    }
  }

  void main(String[] arguments) throws Exception {
    int tokens = Integer.parseInt(arguments[0]);
    int threads = Integer.parseInt(arguments[1]);
    Path folder = Path.of(arguments[2]);
    String[] loop = {arguments[3], "bench/decode_loop.py", folder.toString(), arguments[0], arguments[1]};
    Process process = new ProcessBuilder(loop).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String[] said = new String(process.getInputStream().readAllBytes()).strip().split(" ");
    Speed peer = new Speed(Double.parseDouble(said[0]), Double.parseDouble(said[1]));
    print("transformers generate, float32", peer, peer);
    run("pytorch", folder, tokens, threads, peer);
    for (int i = 4; i < arguments.length; i++) {
      run("llamacpp", Path.of(arguments[i]), tokens, threads, peer);
    }
  }

  private static void run(String backend, Path file, int tokens, int threads, Speed peer) throws Exception {
    ModelBackendFactory factory =
        ServiceLoader.load(Plugin.class).stream()
            .flatMap(plugin -> plugin.get().backends().stream())
            .filter(each -> each.name().equals(backend))
            .findFirst()
            .orElseThrow();
    Resources resources = Resources.of(Files.createTempDirectory("decode")).threads(threads);
    ModelSource source = ModelSource.of(file.toString(), file, resources, new Defaults(factory.settings()));
    try (LanguageModel model = factory.open(source)) {
      String name = backend + " " + model.info().dtype();
      print(name + ", one sequence", best(() -> decode(model, tokens, 1)), peer);
      print(name + ", four at once", best(() -> decode(model, tokens, ROWS)), peer);
      print(name + ", capture of all blocks", best(() -> capture(model)), peer);
    }
  }

  private static Speed best(java.util.function.Supplier<Speed> work) {
    return work.get().best(work.get());
  }

  private static Speed decode(LanguageModel model, int tokens, int rows) {
    List<Sequence> prompts = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      int first = 100 + row;
      prompts.add(Sequence.of(IntStream.range(0, 16).map(i -> i == 0 ? first : 100 + 37 * i).toArray()).maxNewTokens(tokens));
    }
    model.forget();
    return Speed.of(tokens * rows, () -> model.generate(GenerateRequest.greedy(prompts)).forEach(each -> {}));
  }

  private static Speed capture(LanguageModel model) {
    List<Sequence> rows = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      int seed = row;
      rows.add(Sequence.of(IntStream.range(0, ROW_TOKENS).map(i -> 100 + (seed * 7919 + i * 104729) % 30000).toArray()));
    }
    List<Read> reads =
        IntStream.range(0, model.info().layers())
            .mapToObj(layer -> Read.of(HookPoint.of(layer, HookPoint.RESID_POST), Selector.all()))
            .toList();
    model.forget();
    return Speed.of(ROWS * ROW_TOKENS, () -> model.forward(ForwardRequest.of(rows).readEach(reads)).forEach(batch -> {}));
  }

  private static void print(String what, Speed speed, Speed peer) {
    IO.println(
        "%-44s %8.1f tokens/s %8.1f a processor second, %.1f times generate"
            .formatted(what, speed.wall, speed.processor, speed.processor / peer.processor));
  }
}
