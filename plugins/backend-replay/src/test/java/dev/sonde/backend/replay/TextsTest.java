package dev.sonde.backend.replay;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.text.TokenizerFactory;
import dev.sonde.api.text.TokenizerSource;
import dev.sonde.testkit.TokenizerContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextsTest extends TokenizerContract {
  @Override
  protected TokenizerFactory factory() {
    return new TextsFactory();
  }

  @Override
  protected TokenizerSource source() {
    return new TokenizerSource(
        TextsFactory.FORMAT, file("{\"text\": \"one\"}\n{\"text\": \"another one\"}\n"));
  }

  private Path file(String content) {
    try {
      return Files.writeString(folder.resolve("texts.jsonl"), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected List<String> texts() {
    return List.of("one", "another one");
  }

  @Test
  void aTextThatStandsTwiceHasNoClearRow() {
    Path file = file("{\"text\": \"one\"}\n{\"text\": \"one\"}\n");
    assertThatThrownBy(() -> Texts.read(file))
        .isInstanceOf(ModelUnavailableException.class)
        .hasMessageContaining("texts.jsonl:2: the text stands on line 1 already");
  }

  @Test
  void anUnknownTextIsRefused() {
    try (Texts texts = Texts.read(file("{\"text\": \"one\"}\n"))) {
      assertThatThrownBy(() -> texts.encode("two", true))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("'two' is not among those of model.with.texts");
    }
  }
}
