package dev.sonde.backend.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.Resources;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.model.ModelSource;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.backend.reference.ReferencePlugin;
import dev.sonde.formats.safetensors.SafetensorsFile;
import dev.sonde.formats.safetensors.Tensor;
import dev.sonde.testkit.Readings;
import dev.sonde.testkit.SettingsConfig;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every hook point that is offered of an architecture is there, and equals what transformers
 * recorded, or what the reference backend computes of the same file, on tiny random models in
 * float32 that llama.cpp's own converter wrote (make_gguf.py).
 */
@NeedsLibrary
class ParityTest {
  private static final Path PARITY = Path.of("src/test/resources/parity");
  private static final Path FAMILIES = Path.of("../testkit/families");
  private static final Path PAGE = Path.of("../../docs/llamacpp.md");

  /** Float32 against float32, of a row's norm. */
  private static final double FLOAT32 = 5e-5;

  /** ggml looks GELU up in a table of float16 numbers. */
  private static final double WITH_GELU = 4e-3;

  /**
   * Graphics processors multiply float16 numbers, eleven bits of each, and rows are sums of many.
   */
  private static final double FLOAT16 = 2e-2;

  private static final Set<String> GELU =
      Set.of("bloom", "falcon", "gemma", "gemma2", "gemma3", "gpt2", "gptneox", "starcoder");

  @TempDir Path folder;

  /** A place at which rows were compared, with the worst error. */
  private record Compared(HookPoint point, double error) {}

  @TestFactory
  Stream<DynamicTest> everyPointEqualsTheRecordingOfTransformers() throws IOException {
    return files("transformers").map(file -> test(file, this::compareWithRecording));
  }

  @TestFactory
  Stream<DynamicTest> everyPointEqualsTheReferenceBackend() throws IOException {
    return files("reference").map(file -> test(file, this::compareWithReference));
  }

  @Test
  void everyArchitectureThatOffersMoreThanTheStreamHasAFileAndALineInTheDocs() throws IOException {
    Set<String> architectures = new TreeSet<>();
    Stream.concat(files("transformers"), files("reference"))
        .forEach(file -> architectures.add(GgufModelFile.open(file).architecture()));
    assertThat(Architecture.compared()).as("compared").isEqualTo(architectures);
    String page = Files.readString(PAGE);
    assertThat(architectures).allSatisfy(name -> assertThat(page).contains("| `" + name + "` |"));
  }

  private interface Comparison {
    List<Compared> run(LanguageModel model, Path file);
  }

  private static Stream<Path> files(String source) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(PARITY.resolve(source))) {
      files = all.sorted().toList();
    }
    assertThat(files).as("files in %s", source).isNotEmpty();
    return files.stream();
  }

  private DynamicTest test(Path file, Comparison comparison) {
    return DynamicTest.dynamicTest(
        String.valueOf(file.getFileName()),
        () -> {
          try (LanguageModel model = open(new LlamaCppBackendFactory(false), file)) {
            everythingThatIsOfferedIsThere(model);
            String architecture = GgufModelFile.open(file).architecture();
            double tolerance =
                TestedDevice.isProcessor()
                    ? GELU.contains(architecture) ? WITH_GELU : FLOAT32
                    : FLOAT16;
            List<Compared> compared = comparison.run(model, file);
            assertThat(compared).as("compared points").hasSizeGreaterThan(10);
            assertThat(compared)
                .allSatisfy(
                    each ->
                        assertThat(each.error())
                            .as("relative error at %s", each.point())
                            .isLessThan(tolerance));
            report(architecture, compared);
          }
        });
  }

  /** A row of the page's table, where somebody asks for it; log-probabilities are nats. */
  private static void report(String architecture, List<Compared> compared) {
    if (Boolean.getBoolean("sonde.parity")) {
      double worst =
          compared.stream()
              .filter(each -> !each.point().equals(HookPoint.LOG_PROB))
              .mapToDouble(Compared::error)
              .max()
              .orElseThrow();
      System.getLogger("parity")
          .log(System.Logger.Level.INFO, "| `%s` | %.0e |".formatted(architecture, worst));
    }
  }

  private LanguageModel open(ModelBackendFactory factory, Path file) {
    Resources own = Resources.of(folder.resolve("cache")).threads(1);
    Resources resources = factory instanceof LlamaCppBackendFactory ? TestedDevice.of(own) : own;
    return factory.open(
        ModelSource.of(
            file.toString(), file, resources, SettingsConfig.defaults(factory.settings())));
  }

  private static List<HookPoint> points(LanguageModel model) {
    List<HookPoint> points = new ArrayList<>();
    for (String site : model.capabilities().sites()) {
      boolean outside =
          site.startsWith("ln_final.")
              || Set.of("hook_embed", "hook_pos_embed", "logits", "log_prob").contains(site);
      if (outside) {
        points.add(HookPoint.parse(site));
      } else if (!site.startsWith("linear:")) {
        IntStream.range(0, model.info().layers())
            .mapToObj(layer -> HookPoint.of(layer, site))
            .filter(model.capabilities()::supports)
            .forEach(points::add);
      }
    }
    return points.stream().distinct().toList();
  }

  private static void everythingThatIsOfferedIsThere(LanguageModel model) {
    List<Sequence> sequence = List.of(Sequence.of(3, 4, 5).scoreFrom(1));
    for (HookPoint point : points(model)) {
      Readings rows = Readings.of(model, Read.of(point, Selector.all()), sequence);
      assertThat(rows.size()).as("rows at %s", point).isGreaterThanOrEqualTo(2);
      if (!point.isEdge()) {
        assertThat(rows.row(0, 0)).as("%s", point).hasSize(model.info().width(point));
      }
    }
  }

  private List<Compared> compareWithRecording(LanguageModel model, Path file) {
    String name = String.valueOf(file.getFileName()).replace(".gguf", "");
    List<Compared> compared = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      Map<String, Tensor> recording =
          SafetensorsFile.open(FAMILIES.resolve(name).resolve("expected.safetensors"), arena)
              .tensors();
      for (String prompt : List.of("p0", "p1", "p2")) {
        Tensor tokens = recording.get(prompt + "/tokens");
        if (tokens == null) {
          continue;
        }
        int[] ids = tokens.data().toArray(ValueLayout.JAVA_INT_UNALIGNED);
        recording.forEach(
            (key, expected) -> {
              HookPoint point = HookPoint.parse(key.substring(prompt.length() + 1));
              if (key.startsWith(prompt) && model.capabilities().supports(point)) {
                compared.add(new Compared(point, error(model, point, ids, expected)));
              }
            });
      }
    }
    return compared;
  }

  private static double error(LanguageModel model, HookPoint point, int[] ids, Tensor expected) {
    boolean last = point.equals(HookPoint.LOGITS);
    Read read = Read.of(point, last ? Selector.last() : Selector.all());
    Readings rows = Readings.of(model, read, List.of(Sequence.of(ids).scoreFrom(1)));
    double worst = 0;
    for (int row = 0; row < rows.size(); row++) {
      float[] actual = rows.row(0, row).clone();
      float[] wanted = new float[actual.length];
      for (int i = 0; i < wanted.length; i++) {
        wanted[i] = expected.floatAt(at(point, ids.length, row, i, actual.length));
      }
      worst = Math.max(worst, error(point, actual, wanted));
    }
    return worst;
  }

  /** Where a number of a row stands in a recording. */
  private static long at(HookPoint point, int tokens, int row, int i, int width) {
    if (point.isEdge()) {
      int keys = row + 1;
      return ((long) (i / keys) * tokens + row) * tokens + i % keys;
    }
    return (long) row * width + i;
  }

  /** Masks exactly, finite numbers by their distance; log-probabilities in nats. */
  private static double error(HookPoint point, float[] actual, float[] wanted) {
    for (int i = 0; i < wanted.length; i++) {
      assertThat(Float.isInfinite(actual[i])).as("mask").isEqualTo(Float.isInfinite(wanted[i]));
      if (Float.isInfinite(wanted[i])) {
        actual[i] = 0;
        wanted[i] = 0;
      }
    }
    return point.equals(HookPoint.LOG_PROB)
        ? Math.abs(actual[0] - wanted[0])
        : Readings.relativeError(actual, wanted);
  }

  private List<Compared> compareWithReference(LanguageModel model, Path file) {
    List<Compared> compared = new ArrayList<>();
    try (LanguageModel reference = open(new ReferencePlugin().backends().getFirst(), file)) {
      int vocabulary = model.info().vocabularySize();
      int[] ids = IntStream.range(0, 12).map(i -> 3 + i * 7 % (vocabulary - 4)).toArray();
      List<Sequence> sequence = List.of(Sequence.of(ids).scoreFrom(1));
      for (HookPoint point : points(model)) {
        Read read = Read.of(point, Selector.all());
        Readings actual = Readings.of(model, read, sequence);
        Readings wanted = Readings.of(reference, read, sequence);
        double worst = 0;
        for (int row = 0; row < wanted.size(); row++) {
          worst =
              Math.max(worst, error(point, actual.row(0, row).clone(), wanted.row(0, row).clone()));
        }
        compared.add(new Compared(point, worst));
      }
    }
    return compared;
  }
}
