package dev.sonde.formats.gguf.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sonde.formats.Weight;
import dev.sonde.formats.gguf.Fixtures;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Published models as transformers reads them, recorded by src/test/python/describe_real_models.py.
 * Skipped where scripts/fetch-real-models.sh did not run.
 */
class RealModelsTest {
  private static final int RUN = 1 << 16;

  @ParameterizedTest
  @CsvSource({"smollm2-135m-instruct-q4_1.gguf, 272", "gemma-3-270m-q4_k_m.gguf, 236"})
  void theWeightsAreThoseThatTransformersReads(String name, int count) {
    Path file = realModels().resolve(name);
    assumeTrue(Files.exists(file), file + " is missing; scripts/fetch-real-models.sh fetches it");
    Map<?, ?> recorded = (Map<?, ?>) Fixtures.json("real-models.json").get(name);

    try (Arena arena = Arena.ofConfined()) {
      Map<String, Weight> weights = GgufModel.open(file, arena).weights();

      assertThat(weights).hasSize(count);
      ((Map<?, ?>) recorded.get("weights"))
          .forEach((key, expected) -> check(weights.get((String) key), (Map<?, ?>) expected));
    }
  }

  private static void check(Weight weight, Map<?, ?> expected) {
    double sum = 0;
    double magnitude = 0;
    float last = 0;
    for (long from = 0; from < weight.count(); from += RUN) {
      int count = (int) Math.min(RUN, weight.count() - from);
      for (float number : Fixtures.floats(weight, from, count)) {
        sum += number;
        magnitude += Math.abs(number);
        last = number;
      }
    }
    assertThat(weight.shape()).as(weight.name()).isEqualTo(expected.get("shape"));
    assertThat(last).as(weight.name()).isEqualTo(((Number) expected.get("last")).floatValue());
    // Both add in float64, in another order.
    assertThat(sum)
        .as(weight.name())
        .isCloseTo(((Number) expected.get("sum")).doubleValue(), within(1e-12 * magnitude));
  }

  private static Path realModels() {
    Path caches =
        Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
            .map(Path::of)
            .orElse(Path.of(System.getProperty("user.home"), ".cache"));
    return Optional.ofNullable(System.getenv("SONDE_CACHE"))
        .map(Path::of)
        .orElse(caches.resolve("sonde"))
        .resolve("real-models");
  }
}
