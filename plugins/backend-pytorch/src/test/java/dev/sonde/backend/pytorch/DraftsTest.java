package dev.sonde.backend.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.Resources;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.GenerationStream.Generation;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelSource;
import dev.sonde.api.model.Sampling;
import dev.sonde.api.model.Sequence;
import dev.sonde.testkit.SettingsConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DraftsTest {
  private static final Path MODEL = Path.of("../../models/microworld");

  @TempDir Path cache;

  @Test
  void whatFollowedMostOftenIsGuessedAndNeverMoreThanIsAskedFor() {
    Drafts drafts = new Drafts();
    Sequence one = Sequence.of(1, 2, 3, 4, 5).samples(5, 7).maxNewTokens(3);
    drafts.add(one, new int[] {8, 9, 0}, 2);
    drafts.add(one, new int[] {6, 6, 6}, 3);
    drafts.add(one, new int[] {6, 6, 6}, 3);

    assertThat(drafts.guess(Sequence.of(9, 2, 3, 4, 5).samples(5, 7).maxNewTokens(2)))
        .containsExactly(6, 6);
    assertThat(drafts.guess(Sequence.of(9, 2, 3, 4, 5).samples(5, 8).maxNewTokens(2))).isEmpty();
    assertThat(drafts.guess(Sequence.of(9, 2, 3, 4, 6).samples(5, 7).maxNewTokens(2))).isEmpty();
    assertThat(drafts.guess(one.maxNewTokens(100))).isEmpty();
    drafts.clear();
    assertThat(drafts.guess(one)).isEmpty();
  }

  /** Prompts that end alike and differ before; some of their samples leave the guess early. */
  @Test
  void whatIsDrawnWithAGuessIsWhatIsDrawnWithoutOne() {
    Random random = new Random(3);
    List<Sequence> prompts = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      int[] tokens = random.ints(20, 3, 120).toArray();
      tokens[16] = 40;
      tokens[17] = 41;
      tokens[18] = 42;
      tokens[19] = 43;
      prompts.add(Sequence.of(tokens).samples(5, 11).maxNewTokens(1 + i % 7));
    }
    try (LanguageModel model = open()) {
      List<Generation> alone = new ArrayList<>();
      for (Sequence prompt : prompts) {
        model.forget();
        alone.addAll(generate(model, List.of(prompt)));
      }
      model.forget();
      generate(model, prompts);
      List<Generation> guessed = generate(model, prompts);

      assertThat(guessed).hasSameSizeAs(alone);
      for (int i = 0; i < alone.size(); i++) {
        assertThat(guessed.get(i).tokens()).as("%d", i).isEqualTo(alone.get(i).tokens());
        for (int place = 0; place < alone.get(i).tokens().length; place++) {
          assertThat(guessed.get(i).logProbabilities()[place])
              .isCloseTo(alone.get(i).logProbabilities()[place], Offset.offset(1e-4));
        }
      }
    }
  }

  private LanguageModel open() {
    PyTorchBackendFactory factory = new PyTorchBackendFactory();
    return factory.open(
        ModelSource.of(
            "microworld",
            MODEL,
            Resources.of(cache),
            new SettingsConfig(factory.settings(), Map.of())));
  }

  private static List<Generation> generate(LanguageModel model, List<Sequence> prompts) {
    List<Generation> all = new ArrayList<>();
    GenerateRequest request =
        GenerateRequest.sampled(prompts, Sampling.temperature(1.2).topP(0.95));
    try (GenerationStream stream = model.generate(request)) {
      while (stream.next()) {
        all.add(stream.generation());
      }
    }
    all.sort(Comparator.comparingInt(Generation::sequence).thenComparingInt(Generation::sample));
    return all;
  }
}
