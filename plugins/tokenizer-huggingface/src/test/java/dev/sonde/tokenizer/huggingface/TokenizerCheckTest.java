package dev.sonde.tokenizer.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the native library would end the process over is refused before it sees it. */
class TokenizerCheckTest {
  private static final String GOOD =
      """
      {"added_tokens": [{"id": 1, "content": "<bos>"}],
       "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": "_"},
       "pre_tokenizer": {"type": "Split", "pattern": {"Regex": "\\\\s+"}},
       "post_processor": {"type": "TemplateProcessing",
         "single": [{"SpecialToken": {"id": "<bos>"}}, {"Sequence": {"id": "A"}}],
         "special_tokens": {"<bos>": {"id": "<bos>", "ids": [1], "tokens": ["<bos>"]}}},
       "model": {"type": "WordLevel", "unk_token": "<unk>", "vocab": {"<unk>": 0, "a": 2}}}
      """;

  @Test
  void aSoundFileIsLetThrough() {
    assertThatCode(() -> check(GOOD)).doesNotThrowAnyException();
    assertThatCode(
            () ->
                TokenizerCheck.check(
                    Files.readAllBytes(Path.of("../../models/microworld/tokenizer.json"))))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"id\": \"A\"} | {\"id\": \"B\"} | a second sequence",
        "\"special_tokens\": {\"<bos>\" | \"special_tokens\": {\"<s>\" | special_tokens lack",
        "\"id\": 1, | \"id\": 4294967295, | '<bos>' has the id 4294967295",
        "\"a\": 2 | \"a\": 2147483648 | 'a' has the id 2147483648",
        "\"unk_token\": \"<unk>\" | \"unk_token\": \"?\" | model.unk_token is '?'",
        "\\\\s+ | (a+)+$ | repeats what is repeated",
      })
  void aPartThatTheLibraryDoesNotSurviveIsNamed(String part, String other, String message) {
    String bad = GOOD.replace(part, other);
    assertThat(bad).isNotEqualTo(GOOD);
    assertThatThrownBy(() -> check(bad))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void normalizersThatMultiplyATextAreRefused() {
    String twice = "{'type': 'Replace', 'pattern': {'String': 'a'}, 'content': 'aa'}";
    String many =
        "{'normalizer': {'type': 'Sequence', 'normalizers': ["
            + (twice + ",").repeat(30)
            + twice
            + "]}}";
    assertThatThrownBy(() -> check(many.replace('\'', '"')))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("times as long");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "{", "{\"decoder\": ", "7"})
  void whatIsNoObjectIsRefusedAsSuch(String text) {
    assertThatThrownBy(() -> check(text)).isInstanceOf(IOException.class);
  }

  @Test
  void partsThatAreNestedWithoutEndAreRefused() {
    assertThatThrownBy(() -> check("{\"decoder\": " + "[".repeat(100_000)))
        .isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"(a+)+", "(?:a*)*", "((ab)+c?)*", "(a+){2,}", "(x|a+)+b", "([^]]+)*"})
  void aRepeatedRepetitionIsExponential(String regex) {
    assertThat(Backtracking.isExponential(regex)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'s|'t| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
        "(?i:'s|'t)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+",
        "(?:\\r?\\n)+",
        "(ab{2}c)+",
        "(?>a+)+",
        "(a++)+",
        "\\(a+\\)+",
        "[(a+)]+",
        "(a+)?",
      })
  void patternsOfPublishedTokenizersAreNot(String regex) {
    assertThat(Backtracking.isExponential(regex)).isFalse();
  }

  private static void check(String json) throws IOException {
    TokenizerCheck.check(json.getBytes(StandardCharsets.UTF_8));
  }
}
