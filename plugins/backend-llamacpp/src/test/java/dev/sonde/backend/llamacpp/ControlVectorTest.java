package dev.sonde.backend.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.Resources;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelSource;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.testkit.Readings;
import dev.sonde.testkit.SettingsConfig;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Vectors that llama.cpp adds itself, beside the same ones written into its nodes. */
@NeedsLibrary
class ControlVectorTest {
  private static final Path FILES = Path.of("src/test/resources/parity");
  private static final int[] TOKENS = {3, 9, 4, 22, 8, 15};

  @TempDir Path folder;

  private LanguageModel open(String file) {
    LlamaCppBackendFactory factory = new LlamaCppBackendFactory(false);
    Path path = FILES.resolve(file);
    Resources resources = Resources.of(folder.resolve("cache")).threads(1);
    return factory.open(
        ModelSource.of(file, path, resources, SettingsConfig.defaults(factory.settings())));
  }

  /** A change in every block but the first, which llama.cpp can make itself. */
  private static List<Intervention> everywhere(LanguageModel model) {
    List<Intervention> changes = new ArrayList<>();
    for (int block = 1; block < model.info().layers(); block++) {
      float[] vector = new float[model.info().width()];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = (float) Math.cos(0.9 * i + block);
      }
      changes.add(add(block, vector, 0.3));
    }
    return changes;
  }

  private static Intervention add(int block, float[] vector, double amount) {
    HookPoint point = HookPoint.of(block, HookPoint.RESID_POST);
    return Intervention.add(point, Selector.all(), vector, amount);
  }

  private static Sequence added(LanguageModel model) {
    return Sequence.of(TOKENS).intervene(everywhere(model));
  }

  /** The same with nothing added behind: what only writing the nodes can do. */
  private static Sequence written(LanguageModel model) {
    List<Intervention> changes = everywhere(model);
    changes.add(add(1, new float[model.info().width()], 1));
    return Sequence.of(TOKENS).intervene(changes);
  }

  @Test
  void theLibrarysAdapterGivesTheSameBitsAsWritingTheNodes() {
    for (String file : List.of("transformers/llama.gguf", "reference/gemma3.gguf")) {
      try (LanguageModel model = open(file)) {
        HookPoint last = HookPoint.of(model.info().layers() - 1, HookPoint.RESID_POST);
        for (HookPoint point : List.of(last, HookPoint.LOGITS)) {
          Read read = Read.of(point, Selector.all());
          Readings added = Readings.of(model, read, List.of(added(model)));
          Readings written = Readings.of(model, read, List.of(written(model)));
          Readings plain = Readings.of(model, read, List.of(Sequence.of(TOKENS)));
          for (int token = 0; token < TOKENS.length; token++) {
            assertThat(added.row(0, token)).as(file).containsExactly(written.row(0, token));
            assertThat(added.row(0, token)).as(file).isNotEqualTo(plain.row(0, token));
          }
        }
      }
    }
  }

  @Test
  void anArchitectureWithoutAnAdapterIsSteeredByWritingItsNodes() {
    try (LanguageModel model = open("transformers/granitemoe.gguf")) {
      Read read = Read.of(HookPoint.LOGITS, Selector.last());
      Readings steered = Readings.of(model, read, List.of(added(model)));
      Readings plain = Readings.of(model, read, List.of(Sequence.of(TOKENS)));
      assertThat(steered.row(0, 0)).isNotEqualTo(plain.row(0, 0));
    }
  }

  @Test
  void generationsBesideUnsteeredOnesWriteTheSame() {
    try (LanguageModel model = open("transformers/llama.gguf")) {
      Sequence steered = added(model).maxNewTokens(8);
      Sequence plain = Sequence.of(TOKENS).maxNewTokens(8);
      List<int[]> alone = generated(model, List.of(steered));
      alone.addAll(generated(model, List.of(plain)));
      List<int[]> together = generated(model, List.of(steered, plain));
      for (int i = 0; i < 2; i++) {
        assertThat(together.get(i)).containsExactly(alone.get(i));
      }
    }
  }

  @Test
  void aStreamWhoseRoomsOthersTookSaysSo() {
    try (LanguageModel model = open("transformers/llama.gguf")) {
      Sequence longer = Sequence.of(TOKENS).maxNewTokens(20);
      GenerateRequest both =
          GenerateRequest.greedy(List.of(Sequence.of(3, 4).maxNewTokens(2), longer));
      GenerationStream first = model.generate(both);
      assertThat(first.next()).isTrue();
      generated(model, List.of(Sequence.of(5, 6, 7).maxNewTokens(4)));
      assertThatThrownBy(first::next)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("one stream to its end");
    }
  }

  @Test
  void streamsTakenByTurnsReadTheSameRows() {
    try (LanguageModel model = open("transformers/llama.gguf")) {
      int[] beginning = new int[40];
      Arrays.setAll(beginning, i -> 3 + i % 20);
      int[] other = beginning.clone();
      other[39] = 7;
      Read read = Read.of(HookPoint.of(1, HookPoint.RESID_POST), Selector.last());
      List<Sequence> sequences = List.of(Sequence.of(beginning), Sequence.of(other));
      Readings expected = Readings.of(model, read, sequences);
      ForwardRequest request = ForwardRequest.of(sequences).read(read).tokenBudget(40);
      List<Float> firsts = new ArrayList<>();
      try (var stream = model.forward(request)) {
        while (stream.next()) {
          firsts.add(stream.batch().rows().getFirst().values().get(ValueLayout.JAVA_FLOAT, 0));
          Readings.of(model, read, List.of(Sequence.of(9, 8, 7)));
        }
      }
      List<Float> wanted = new ArrayList<>(List.of(expected.row(0, 0)[0], expected.row(1, 0)[0]));
      Collections.sort(wanted);
      Collections.sort(firsts);
      assertThat(firsts).hasSize(2);
      for (int i = 0; i < 2; i++) { // a shared beginning is not run again, which rounds otherwise
        assertThat(firsts.get(i)).isCloseTo(wanted.get(i), within(1e-4f));
      }
    }
  }

  private static List<int[]> generated(LanguageModel model, List<Sequence> sequences) {
    int[][] all = new int[sequences.size()][];
    model
        .generate(GenerateRequest.greedy(sequences))
        .forEach(each -> all[each.sequence()] = each.tokens());
    return new ArrayList<>(List.of(all));
  }
}
