package dev.sonde.formats.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Replays what scripts/fuzz.sh begins with: files made by hand, and the smallest inputs of the
 * failures it found, named after what they broke.
 */
class SeedsTest {
  private static final Path SEEDS = Path.of("src/test/resources/fuzz");

  private static final Map<String, Consumer<byte[]>> TARGETS =
      Map.of(
          "Safetensors", SafetensorsTarget::fuzzerTestOneInput,
          "Index", IndexTarget::fuzzerTestOneInput,
          "Gguf", GgufTarget::fuzzerTestOneInput,
          "Config", ConfigTarget::fuzzerTestOneInput);

  @TestFactory
  Stream<DynamicTest> noSeedBreaksItsReader() {
    return TARGETS.entrySet().stream()
        .flatMap(
            target ->
                seeds(target.getKey()).stream()
                    .map(
                        seed ->
                            DynamicTest.dynamicTest(
                                target.getKey() + "/" + seed.getFileName(),
                                () -> target.getValue().accept(Files.readAllBytes(seed)))));
  }

  private static List<Path> seeds(String target) {
    try (Stream<Path> files = Files.list(SEEDS.resolve(target))) {
      List<Path> seeds = files.sorted().toList();
      assertThat(seeds).isNotEmpty();
      return seeds;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
