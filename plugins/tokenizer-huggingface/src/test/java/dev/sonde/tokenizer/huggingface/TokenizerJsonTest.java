package dev.sonde.tokenizer.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.Resources;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.text.Encoding;
import dev.sonde.api.text.Message;
import dev.sonde.api.text.Tokenizer;
import dev.sonde.api.text.TokenizerSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerJsonTest {
  private static final Path MICROWORLD = Path.of("../../models/microworld/tokenizer.json");

  private static final List<Message> CONVERSATION = List.of(Message.of("user", "Q : a ."));

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
  void thePiecesOfTokensMakeUpTheTextTheyDecodeTo() {
    try (Tokenizer tokenizer = open(MICROWORLD)) {
      int[] ids = tokenizer.encode("Q C A", false).ids();
      List<String> pieces = tokenizer.pieces(IntStream.of(ids).max().orElseThrow() + 1);
      String text = IntStream.of(ids).mapToObj(pieces::get).collect(Collectors.joining());
      assertThat(text.strip()).isEqualTo(tokenizer.decode(ids).strip());
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
  void aConversationIsEncodedWithTheSpecialTokensOfItsTemplateOnly() throws Exception {
    Path file = copied();
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        """
        {"bos_token": {"content": "<bos>"}, "eos_token": null, "chat_template": [
          {"name": "tool_use", "template": "no"},
          {"name": "default",
           "template": "{{ bos_token }}{% for m in messages %}{{ m.content }} {% endfor %}"}]}
        """);
    try (Tokenizer tokenizer = open(file)) {
      String text = tokenizer.render(CONVERSATION, true);
      assertThat(text).isEqualTo("<bos>Q : a . ");
      assertThat(tokenizer.encode(text, false).ids()).hasSize(5).startsWith(1);
      assertThat(tokenizer.encode(text, false).ids())
          .isEqualTo(tokenizer.encode("Q : a .", true).ids());
    }
  }

  @Test
  void theTemplatesOwnFileComesFirst() throws Exception {
    Path file = copied();
    Files.writeString(folder.resolve("chat_template.jinja"), "own {{ eos_token }}\n");
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        "{\"eos_token\": \"</s>\", \"chat_template\": \"other\"}");
    try (Tokenizer tokenizer = open(file)) {
      assertThat(tokenizer.chatTemplate()).hasValue("own {{ eos_token }}\n");
      assertThat(tokenizer.render(CONVERSATION, true)).isEqualTo("own </s>");
    }
  }

  @Test
  void aModelWithoutATemplateSaysSo() throws Exception {
    try (Tokenizer tokenizer = open(copied())) {
      assertThat(tokenizer.chatTemplate()).isEmpty();
      assertThatThrownBy(() -> tokenizer.render(CONVERSATION, true))
          .isInstanceOf(UnsupportedCapabilityException.class)
          .hasMessageContaining("brings no chat template");
    }
  }

  @Test
  void aMalformedConfigurationIsRefusedByName() throws Exception {
    Path file = copied();
    Path config = Files.writeString(folder.resolve("tokenizer_config.json"), "{\"bos_token\": ");
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(ModelUnavailableException.class)
        .hasMessageContaining(config.toString());
  }

  @Test
  void byteOrderMarksAreNoPartOfAnyFile() throws Exception {
    String mark = "\uFEFF";
    Path file = folder.resolve("tokenizer.json");
    Files.writeString(file, mark + Files.readString(MICROWORLD));
    Files.writeString(folder.resolve("tokenizer_config.json"), mark + "{\"bos_token\": \"<bos>\"}");
    Files.writeString(folder.resolve("chat_template.jinja"), mark + "{{ bos_token }}");
    try (Tokenizer tokenizer = open(file)) {
      assertThat(tokenizer.encode("Q : b 3 .", true).size()).isEqualTo(6);
      assertThat(tokenizer.render(CONVERSATION, true)).isEqualTo("<bos>");
    }
  }

  @Test
  void halfASurrogatePairIsAReplacementCharacter() {
    try (Tokenizer tokenizer = open(MICROWORLD)) {
      Encoding half = tokenizer.encode("Q \ud83d a", true);
      Encoding replaced = tokenizer.encode("Q \uFFFD a", true);
      assertThat(half.ids()).isEqualTo(replaced.ids());
      assertThat(half.starts()).isEqualTo(replaced.starts());
    }
  }

  @Test
  void ofSeveralTemplatesOneIsNamedByAVariable() throws Exception {
    Path file = copied();
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        """
        {"chat_template": [{"name": "tool_use", "template": "T{{ tools | length }}"},
          {"name": "rag", "template": "R{{ documents }}"}]}
        """);
    try (Tokenizer tokenizer = open(file)) {
      assertThatThrownBy(() -> tokenizer.render(CONVERSATION, true))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("tool_use, rag")
          .hasMessageContaining("chat_template_kwargs");
      assertThat(tokenizer.render(CONVERSATION, true, Map.of("chat_template", "rag")))
          .isEqualTo("RNone");
      assertThat(tokenizer.render(CONVERSATION, true, Map.of("tools", List.of(1, 2))))
          .isEqualTo("T2");
      assertThat(
              tokenizer.render(
                  CONVERSATION, true, Map.of("chat_template", "{{ day }}", "day", "Monday")))
          .isEqualTo("Monday");
      assertThatThrownBy(
              () -> tokenizer.render(CONVERSATION, true, Map.of("chat_template", "none")))
          .hasMessageContaining("called 'none'");
    }
  }

  @Test
  void templatesLieInAFolderOfTheirOwnAsWell() throws Exception {
    Path file = copied();
    Files.writeString(folder.resolve("chat_template.jinja"), "default");
    Files.createDirectory(folder.resolve("additional_chat_templates"));
    Files.writeString(folder.resolve("additional_chat_templates/tool_use.jinja"), "tools");
    try (Tokenizer tokenizer = open(file)) {
      assertThat(tokenizer.render(CONVERSATION, true)).isEqualTo("default");
      assertThat(tokenizer.render(CONVERSATION, true, Map.of("tools", List.of(1))))
          .isEqualTo("tools");
    }
  }

  private Path copied() throws IOException {
    return Files.copy(MICROWORLD, folder.resolve("tokenizer.json"));
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
            Resources.of(Path.of("target", "cache")).threads(2));
  }
}
