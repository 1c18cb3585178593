package dev.sonde.tokenizer.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.Resources;
import dev.sonde.api.text.Encoding;
import dev.sonde.api.text.Tokenizer;
import dev.sonde.api.text.TokenizerSource;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerJsonTest {
  private static final Path MICROWORLD = Path.of("../../models/microworld/tokenizer.json");

  @TempDir Path folder;

  @Test
  void wordsAreEncodedBehindTheSpecialTokensOfTheTemplate() {
    try (Tokenizer tokenizer = open(MICROWORLD)) {
      Encoding with = tokenizer.encode("Q : b 3 .", true);
      Encoding without = tokenizer.encode("Q : b 3 .", false);
      assertThat(with.ids()).hasSize(6).startsWith(1);
      assertThat(without.ids()).hasSize(5);
      assertThat(tokenizer.decode(with.ids())).isEqualTo("Q : b 3 .");
      assertThat(tokenizer.token(1)).isEqualTo("<bos>");
    }
  }

  @Test
  void offsetsCountUtf16Units() {
    try (Tokenizer tokenizer = open(MICROWORLD)) {
      String text = "\uD83D\uDE00 : a";
      Encoding encoding = tokenizer.encode(text, true);
      assertThat(encoding.starts()).containsExactly(0, 0, 3, 5);
      assertThat(encoding.ends()).containsExactly(0, 2, 4, 6);
      assertThat(text.substring(encoding.starts()[3], encoding.ends()[3])).isEqualTo("a");
    }
  }

  @Test
  void longTextsAreNeitherCutNorPadded() {
    try (Tokenizer tokenizer = open(MICROWORLD)) {
      assertThat(tokenizer.encode("a ".repeat(3_000), true).size()).isEqualTo(3_001);
      assertThat(tokenizer.encode("", true).ids()).containsExactly(1);
    }
  }

  @Test
  void aMalformedFileIsRefusedByName() throws Exception {
    Path file = Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": 3}");
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(ModelUnavailableException.class)
        .hasMessageContaining(file.toString());
  }

  private static Tokenizer open(Path file) {
    return new TokenizerJsonFactory()
        .open(
            new TokenizerSource(TokenizerSource.TOKENIZER_JSON, file),
            new Resources(2, Path.of("target", "cache")));
  }
}
