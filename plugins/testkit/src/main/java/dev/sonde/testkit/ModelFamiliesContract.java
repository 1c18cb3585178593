package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.Resources;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.ModelBackend;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.model.ModelSource;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.formats.safetensors.SafetensorsFile;
import dev.sonde.formats.safetensors.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * A backend computes what Hugging Face transformers computes, for a tiny random model of every
 * family, at every hook point. See {@code plugins/testkit/families/README.md} for the recordings.
 */
public abstract class ModelFamiliesContract {
  /** Float32 against float32: the middle row, and the worst, as ‖a − b‖ / ‖b‖. */
  private static final double TYPICAL = 1e-5;

  private static final double WORST = 5e-5;

  /** A folder for the test. */
  @TempDir protected Path folder;

  /** For sub-classes. */
  protected ModelFamiliesContract() {}

  /** The backend under test. */
  protected abstract ModelBackendFactory factory();

  /** The folder of the recordings. */
  protected abstract Path families();

  @TestFactory
  Stream<DynamicTest> everyFamilyEqualsItsRecording() throws IOException {
    try (Stream<Path> cases = Files.list(families())) {
      return cases
          .filter(path -> Files.exists(path.resolve("expected.safetensors")))
          .sorted()
          .toList()
          .stream()
          .map(path -> DynamicTest.dynamicTest(path.getFileName().toString(), () -> compare(path)));
    }
  }

  private void compare(Path model) {
    ModelBackendFactory factory = factory();
    Map<String, Map<String, Tensor>> prompts = new TreeMap<>();
    SafetensorsFile.open(model.resolve("expected.safetensors"), Arena.ofAuto())
        .tensors()
        .forEach(
            (name, tensor) -> {
              String[] parts = name.split("/", 2);
              prompts.computeIfAbsent(parts[0], p -> new TreeMap<>()).put(parts[1], tensor);
            });
    try (ModelBackend backend =
        factory.open(
            new ModelSource(
                model.toString(),
                model,
                "float32",
                new Resources(2, folder.resolve("cache")),
                SettingsConfig.defaults(factory.settings())))) {
      prompts.forEach((prompt, recorded) -> compare(backend, prompt, recorded));
    }
  }

  private static void compare(ModelBackend backend, String prompt, Map<String, Tensor> recorded) {
    int[] ids = ids(recorded, "tokens");
    List<String> wrong = new ArrayList<>();
    recorded.forEach(
        (name, tensor) -> {
          if (name.equals("tokens") || name.equals("greedy")) {
            return;
          }
          HookPoint point = HookPoint.parse(name);
          if (!point.equals(HookPoint.LOG_PROB) && !backend.capabilities().supports(point)) {
            wrong.add(prompt + " " + name + ": not offered");
            return;
          }
          String difference =
              switch (name) {
                case "log_prob" -> logProbabilities(backend, ids, tensor);
                case "logits" -> rows(backend, Selector.last(), name, ids, tensor);
                default ->
                    point.isEdge()
                        ? edges(backend, point, ids, tensor)
                        : rows(backend, Selector.all(), name, ids, tensor);
              };
          if (!difference.isEmpty()) {
            wrong.add(prompt + " " + name + ": " + difference);
          }
        });
    assertThat(wrong).isEmpty();
    assertThat(greedy(backend, ids, ids(recorded, "greedy").length))
        .as("greedy tokens after %s", prompt)
        .containsExactly(ids(recorded, "greedy"));
  }

  private static String rows(
      ModelBackend backend, Selector selector, String name, int[] ids, Tensor expected) {
    Read read = Read.of(HookPoint.parse(name), selector);
    Readings readings = Readings.of(backend, read, List.of(Sequence.of(ids)));
    int rows = readings.size();
    double[] errors = new double[rows];
    for (int row = 0; row < rows; row++) {
      float[] actual = readings.row(0, row);
      if (expected.count() != (long) rows * actual.length) {
        return "%d rows of %d, recorded %s".formatted(rows, actual.length, expected.shape());
      }
      float[] wanted = new float[actual.length];
      for (int c = 0; c < wanted.length; c++) {
        wanted[c] = expected.floatAt((long) row * wanted.length + c);
      }
      errors[row] = Readings.relativeError(actual, wanted);
    }
    return verdict(errors);
  }

  private static String verdict(double[] errors) {
    Arrays.sort(errors);
    double middle = errors[errors.length / 2];
    double worst = errors[errors.length - 1];
    return middle <= TYPICAL && worst <= WORST
        ? ""
        : "middle %.1e, worst %.1e".formatted(middle, worst);
  }

  /** Masks exactly, finite cells by their distance. */
  private static String edges(ModelBackend backend, HookPoint point, int[] ids, Tensor expected) {
    Readings readings =
        Readings.of(backend, Read.of(point, Selector.all()), List.of(Sequence.of(ids)));
    int heads = Math.toIntExact(expected.shape().getFirst());
    double[] errors = new double[ids.length];
    for (int query = 0; query < ids.length; query++) {
      float[] actual = readings.row(0, query);
      float[] wanted = new float[heads * (query + 1)];
      for (int i = 0; i < wanted.length; i++) {
        int head = i / (query + 1);
        long cell = ((long) head * ids.length + query) * ids.length + i % (query + 1);
        wanted[i] = expected.floatAt(cell);
        if (Float.isInfinite(wanted[i]) != Float.isInfinite(actual[i])) {
          return "mask of query %d, head %d, key %d".formatted(query, head, i % (query + 1));
        }
        if (Float.isInfinite(wanted[i])) {
          wanted[i] = 0;
          actual[i] = 0;
        }
      }
      errors[query] = Readings.relativeError(actual, wanted);
    }
    return verdict(errors);
  }

  private static String logProbabilities(ModelBackend backend, int[] ids, Tensor expected) {
    Sequence scored = Sequence.builder(ids).scoreFrom(1).build();
    Readings rows = Readings.of(backend, Read.logProbabilities(), List.of(scored));
    double worst = 0;
    for (int target = 0; target < rows.size(); target++) {
      worst = Math.max(worst, Math.abs(rows.row(0, target)[0] - expected.floatAt(target)));
    }
    return worst <= 1e-4 ? "" : "off by %.1e nats".formatted(worst);
  }

  private static int[] greedy(ModelBackend backend, int[] ids, int count) {
    Sequence prompt = Sequence.builder(ids).maxNewTokens(count).build();
    try (GenerationStream stream = backend.generate(GenerateRequest.greedy(List.of(prompt)))) {
      return stream.next() ? stream.generation().tokens() : new int[0];
    }
  }

  private static int[] ids(Map<String, Tensor> recorded, String name) {
    Tensor tensor = recorded.get(name);
    if (tensor == null) {
      throw new AssertionError(name + " was not recorded");
    }
    int[] ids = new int[Math.toIntExact(tensor.count())];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = tensor.data().get(ValueLayout.JAVA_INT_UNALIGNED, 4L * i);
    }
    return ids;
  }
}
