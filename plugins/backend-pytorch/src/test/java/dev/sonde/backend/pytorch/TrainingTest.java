package dev.sonde.backend.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.Resources;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelSource;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.model.TrainingPlan;
import dev.sonde.api.model.TrainingPlan.Step;
import dev.sonde.formats.safetensors.SafetensorsFile;
import dev.sonde.formats.safetensors.Tensor;
import dev.sonde.testkit.SettingsConfig;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Weights after some steps equal those of PyTorch's AdamW and transformers; {@code
 * make_training_fixture.py} says how those were made.
 */
class TrainingTest {
  private static final Path FAMILIES = Path.of("../testkit/families");
  private static final Path FIXTURE =
      Path.of("src/test/resources/dev/sonde/backend/pytorch/training.txt");

  /** float32's rounding through a few steps, beside weights of size one. */
  private static final double ROUNDING = 2e-5;

  @TempDir Path folder;

  private LanguageModel open(Path model, String dtype) {
    PyTorchBackendFactory factory = new PyTorchBackendFactory();
    return factory.open(
        ModelSource.of(
                model.toString(),
                model,
                Resources.of(folder.resolve("cache")).threads(1),
                SettingsConfig.defaults(factory.settings()))
            .dtype(dtype));
  }

  private static TrainingPlan plan() {
    List<Sequence> first = List.of(from(2, 3, 9, 4, 22, 8, 15, 40, 2), from(1, 7, 1, 29));
    List<Sequence> second = List.of(from(3, 5, 33, 12, 50, 6));
    return TrainingPlan.of(
            List.of(
                Step.of(first, 0.02),
                Step.of(second, 0.01),
                Step.of(first, 0.02),
                Step.of(second, 0.005)))
        .adam(0.9, 0.99, 1e-3, 0.1);
  }

  private static Sequence from(int position, int... tokens) {
    return Sequence.of(tokens).scoreFrom(position);
  }

  @TestFactory
  Stream<DynamicTest> weightsOfEveryFamilyAreThoseOfAnotherImplementation() throws IOException {
    return Files.readAllLines(FIXTURE).stream()
        .map(line -> line.split(" "))
        .collect(Collectors.groupingBy(line -> line[0]))
        .entrySet()
        .stream()
        .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> compare(e.getKey(), e.getValue())));
  }

  private void compare(String family, List<String[]> wanted) throws IOException {
    Path saved = folder.resolve(family);
    try (LanguageModel model = open(FAMILIES.resolve(family), "float32");
        LanguageModel trained = model.train(plan())) {
      trained.save(saved);
    }
    try (Arena arena = Arena.ofConfined()) {
      Map<String, Tensor> before = weights(FAMILIES.resolve(family), arena);
      Map<String, Tensor> after = weights(saved, arena);
      for (String[] line : wanted) {
        Tensor old = Objects.requireNonNull(before.get(line[1]));
        Tensor now = Objects.requireNonNull(after.get(line[1]));
        double change = 0;
        for (long i = 0; i < now.count(); i++) {
          change += Math.abs(now.floatAt(i) - old.floatAt(i));
        }
        double whole = Double.parseDouble(line[2]);
        assertThat(change).as(line[1]).isCloseTo(whole, within(1e-4 * whole + ROUNDING));
        List<Long> places = List.of(0L, now.count() / 2, now.count() - 1);
        for (int i = 0; i < places.size(); i++) {
          assertThat((double) now.floatAt(places.get(i)))
              .as("number %d of %s", places.get(i), line[1])
              .isCloseTo(Double.parseDouble(line[3 + i]), within(ROUNDING));
        }
      }
    }
  }

  private static Map<String, Tensor> weights(Path folder, Arena arena) {
    return SafetensorsFile.open(folder.resolve("model.safetensors"), arena).tensors();
  }

  @Test
  void aBatchThatIsRunInPartsGivesTheSameWeights() throws IOException {
    Path model = FAMILIES.resolve("gemma3");
    Function<Map<String, Object>, float[]> embedding =
        settings -> {
          PyTorchBackendFactory factory = new PyTorchBackendFactory();
          ModelSource source =
              ModelSource.of(
                  model.toString(),
                  model,
                  Resources.of(folder.resolve("cache")).threads(1),
                  new SettingsConfig(factory.settings(), settings));
          Path saved = folder.resolve("tokens-" + settings.size());
          try (LanguageModel backend = factory.open(source);
              LanguageModel trained = backend.train(plan());
              Arena arena = Arena.ofConfined()) {
            trained.save(saved);
            return weights(saved, arena)
                .values()
                .iterator()
                .next()
                .data()
                .toArray(ValueLayout.JAVA_FLOAT);
          }
        };
    float[] whole = embedding.apply(Map.of());
    float[] parts = embedding.apply(Map.of("token_budget", 4));
    for (int i = 0; i < whole.length; i++) {
      assertThat(parts[i]).isCloseTo(whole[i], within((float) ROUNDING));
    }
  }

  @Test
  void whatIsNotTrainedIsRefusedWithItsReason() {
    refused(FAMILIES.resolve("llama"), "bfloat16", "--dtype float32");
    refused(FAMILIES.resolve("gpt-oss"), "float32", "experts");
  }

  private void refused(Path model, String dtype, String reason) {
    try (LanguageModel backend = open(model, dtype)) {
      assertThat(backend.capabilities().features()).doesNotContain(Capabilities.TRAINING);
      assertThatThrownBy(() -> backend.train(plan()).close())
          .isInstanceOf(UnsupportedCapabilityException.class)
          .hasMessageContaining(reason);
    }
  }
}
