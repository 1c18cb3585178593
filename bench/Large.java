import dev.sonde.api.Plugin;
import dev.sonde.api.Resources;
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
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.IntStream;

/**
 * Opens a large file on llama.cpp, captures the last token of 50 prompts at every block, generates,
 * and says how much memory that took; see README.md.
 *
 * <p>java -cp CLASSES bench/Large.java FILE.gguf THREADS PROMPT_TOKENS NEW_TOKENS
 */
public class Large {
  private static final int PROMPTS = 50;

  void main(String[] arguments) throws Exception {
    Path file = Path.of(arguments[0]);
    int length = Integer.parseInt(arguments[2]);
    int added = Integer.parseInt(arguments[3]);
    ModelBackendFactory factory =
        ServiceLoader.load(Plugin.class).stream()
            .flatMap(plugin -> plugin.get().backends().stream())
            .filter(each -> each.name().equals("llamacpp"))
            .findFirst()
            .orElseThrow();
    Resources resources =
        Resources.of(Files.createTempDirectory("large")).threads(Integer.parseInt(arguments[1]));
    ModelSource source =
        ModelSource.of(file.toString(), file, resources, new Decode.Defaults(factory.settings()));
    long began = System.nanoTime();
    try (LanguageModel model = factory.open(source)) {
      said("opened", began);
      List<Sequence> prompts =
          IntStream.range(0, PROMPTS)
              .mapToObj(row -> Sequence.of(IntStream.range(0, length).map(i -> 100 + row * 31 + i).toArray()))
              .toList();
      List<Read> reads =
          IntStream.range(0, model.info().layers())
              .mapToObj(layer -> Read.of(HookPoint.of(layer, HookPoint.RESID_POST), Selector.last()))
              .toList();
      int[] rows = {0};
      model.forward(ForwardRequest.of(prompts).readEach(reads)).forEach(batch -> rows[0] += batch.rows().getFirst().count());
      said(rows[0] + " rows captured", began);
      int[] tokens = {0};
      model
          .generate(GenerateRequest.greedy(List.of(prompts.getFirst().maxNewTokens(added))))
          .forEach(each -> tokens[0] += each.tokens().length);
      said(tokens[0] + " tokens generated", began);
      IO.println("announced: " + (model.info().nativeBytes() >> 20) + " MiB, file " + (Files.size(file) >> 20) + " MiB");
    }
  }

  private static void said(String what, long began) throws Exception {
    List<String> memory =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmHWM") || line.startsWith("RssAnon"))
            .map(line -> line.replaceAll("\\s+", " "))
            .toList();
    IO.println("%s after %.1f s; %s".formatted(what, (System.nanoTime() - began) / 1e9, memory));
  }
}
