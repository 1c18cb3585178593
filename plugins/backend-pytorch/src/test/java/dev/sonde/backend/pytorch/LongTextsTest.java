package dev.sonde.backend.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.Resources;
import dev.sonde.api.config.Config;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream.Generation;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelSource;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Sequence;
import dev.sonde.testkit.Readings;
import dev.sonde.testkit.SettingsConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is kept of earlier tokens and brought up to date token by token says the same as a text that
 * is run at once, in chunks where a mixer takes chunks.
 */
class LongTextsTest {
  private static final int PROMPT = 40;

  /** With the prompt three chunks of 64, the last one not whole. */
  private static final int ADDED = 100;

  private static final double NATS = 1e-3;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {"bamba", "granitemoehybrid-mamba", "qwen3-5", "lfm2", "gemma3n", "gemma4"})
  void generatedTokensHaveTheLogProbabilitiesOfTheWholeText(String family) {
    try (LanguageModel model = open(family)) {
      int[] prompt = tokens(PROMPT, 1);

      Generation grown = generated(model, List.of(prompt)).getFirst();

      int[] whole = IntStream.concat(IntStream.of(prompt), IntStream.of(grown.tokens())).toArray();
      Sequence text = Sequence.of(whole).scoreFrom(PROMPT);
      Readings scores = Readings.of(model, Read.logProbabilities(), List.of(text));
      for (int i = 0; i < ADDED; i++) {
        assertThat((double) scores.row(0, i)[0])
            .as("token %d", i)
            .isCloseTo(grown.logProbabilities()[i], within(NATS));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bamba", "gemma3n", "gemma4"})
  void promptsThatBeginAlikeContinueAsEachDoesAlone(String family) {
    try (LanguageModel model = open(family)) {
      int[] one = tokens(PROMPT, 1);
      int[] other = one.clone();
      other[PROMPT - 2] = (other[PROMPT - 2] + 1) % 60;

      List<Generation> together = generated(model, List.of(one, other));

      assertSame(together.get(0), alone(family, one));
      assertSame(together.get(1), alone(family, other));
    }
  }

  /** By a model that has kept nothing yet. */
  private Generation alone(String family, int[] prompt) {
    try (LanguageModel fresh = open(family)) {
      return generated(fresh, List.of(prompt)).getFirst();
    }
  }

  private static void assertSame(Generation actual, Generation expected) {
    assertThat(actual.tokens()).containsExactly(expected.tokens());
    assertThat(actual.logProbabilities())
        .containsExactly(expected.logProbabilities(), within(NATS));
  }

  private static List<Generation> generated(LanguageModel model, List<int[]> prompts) {
    List<Sequence> sequences =
        prompts.stream().map(p -> Sequence.of(p).maxNewTokens(ADDED)).toList();
    List<Generation> all = new ArrayList<>();
    model.generate(GenerateRequest.greedy(sequences)).forEach(all::add);
    all.sort((a, b) -> Integer.compare(a.sequence(), b.sequence()));
    return all;
  }

  private static int[] tokens(int count, long seed) {
    return new Random(seed).ints(count, 0, 60).toArray();
  }

  private LanguageModel open(String family) {
    PyTorchBackendFactory factory = new PyTorchBackendFactory();
    Config config = SettingsConfig.defaults(factory.settings());
    Resources resources = Resources.of(folder.resolve("cache")).threads(1);
    return factory.open(ModelSource.of(family, lengthened(family), resources, config));
  }

  /** A family's tiny model, whose context is long enough. */
  private Path lengthened(String family) {
    Path recorded = Path.of("../testkit/families", family);
    Path copy = folder.resolve(family);
    try {
      if (Files.notExists(copy)) {
        Files.createDirectory(copy);
        Files.copy(recorded.resolve("model.safetensors"), copy.resolve("model.safetensors"));
        String config = Files.readString(recorded.resolve("config.json"));
        String field = "\"max_position_embeddings\": ";
        assertThat(config).contains(field + "64");
        Files.writeString(
            copy.resolve("config.json"), config.replace(field + "64", field + (PROMPT + ADDED)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return copy;
  }
}
