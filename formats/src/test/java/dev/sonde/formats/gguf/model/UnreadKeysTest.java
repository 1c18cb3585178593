package dev.sonde.formats.gguf.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.formats.gguf.Fixtures;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UnreadKeysTest {
  @TempDir Path folder;

  static List<String> converted() throws IOException {
    try (Stream<Path> files = Files.list(Fixtures.file("types.gguf").getParent())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".gguf") && !name.startsWith("types"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("converted")
  void ofConvertedModelsEveryKeyIsReadOrHarmless(String name) {
    assertThat(GgufModel.open(Fixtures.file(name), Arena.ofAuto()).configNotes()).isEmpty();
  }

  @Test
  void aKeyThatChangesTheComputationIsNamedWithItsValue() {
    assertThat(notes(tiny -> tiny.with("llama.attention.temperature_scale", 0.5f)))
        .singleElement()
        .asString()
        .contains("'llama.attention.temperature_scale' (0.5) is not read");
  }

  @Test
  void aKeyWithAValueThatChangesNothingIsPassedOver() {
    assertThat(notes(tiny -> tiny.with("llama.attn_logit_softcapping", 0f))).isEmpty();
    assertThat(notes(tiny -> tiny.with("llama.attn_logit_softcapping", 30f))).hasSize(1);
  }

  @Test
  void keysOfOtherArchitecturesAreNoneOfOurs() {
    assertThat(notes(tiny -> tiny.with("clip.vision.something", 3))).isEmpty();
  }

  private List<String> notes(UnaryOperator<TinyModel> changed) {
    Path file = changed.apply(new TinyModel()).write(folder.resolve("tiny.gguf"));
    return GgufModel.open(file, Arena.ofAuto()).configNotes();
  }
}
