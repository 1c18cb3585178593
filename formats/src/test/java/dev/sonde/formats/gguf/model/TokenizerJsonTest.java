package dev.sonde.formats.gguf.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.formats.gguf.Fixtures;
import dev.sonde.formats.json.Json;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in tokenizer.json; that its ids are right is a test of the tokenizer plugin. */
class TokenizerJsonTest {
  @TempDir Path folder;

  @Test
  void aByteLevelTokenizerKeepsVocabularyAndMerges() {
    Map<String, Object> model = object(tokenizer("smollm"), "model");
    assertThat(object(model, "vocab")).hasSize(294).containsEntry("!", 0L);
    assertThat((List<?>) model.get("merges")).hasSize(34);
    assertThat((List<?>) model.get("merges")).first().isEqualTo(List.of("h", "e"));
  }

  @Test
  void thePreTokenizerIsThatOfThePublishedTokenizers() {
    assertThat(tokenizer("smollm").toString())
        .contains("individual_digits=true")
        .contains("use_regex=true")
        .doesNotContain("NFC");
    assertThat(tokenizer("qwen2").toString()).contains("NFC").contains("\\p{N}|");
    assertThat(tokenizer("llama").toString())
        .contains("\\p{N}{1,3}")
        .contains("use_regex=false")
        .contains("ignore_merges=true");
    assertThat(tokenizer("gpt-oss").toString()).contains("\\p{Lu}\\p{Lt}");
  }

  @Test
  void controlTokensAreSpecialAndUserDefinedOnesOnlyAdded() {
    assertThat(added(tokenizer("smollm")))
        .containsExactly("<|bos|>=true", "<|end|>=true", "<|user|>=true", "<think>=false");
  }

  @Test
  void idsThatNothingIsTurnedIntoAreLeftOut() {
    assertThat(object(object(tokenizer("mistral"), "model"), "vocab"))
        .hasSize(390)
        .doesNotContainKey("[PAD390]");
  }

  @Test
  void aTextUnderTwoIdsBecomesTheFirstAndTheUserIsTold() {
    TinyModel tiny =
        new TinyModel()
            .with("tokenizer.ggml.tokens", List.of("a", "b", "ab", "a", "b"))
            .withNumbers("tokenizer.ggml.token_type", 1, 1, 1, 3, 1)
            .tensor("token_embd.weight", 2, 5);
    Path file = tiny.write(folder.resolve("tiny.gguf"));
    GgufModel model = GgufModel.open(file, Arena.ofAuto());

    Map<String, Object> tokenizer = Json.object(file, model.tokenizer());

    assertThat(object(object(tokenizer, "model"), "vocab"))
        .isEqualTo(Map.of("a", 0L, "b", 1L, "ab", 2L));
    assertThat(added(tokenizer)).isEmpty();
    assertThat(model.tokenizerNotes())
        .containsExactly(
            "tiny.gguf holds one text under several ids, 'a' as 0 and as 3 and 1 more: the first is"
                + " taken, as llama.cpp does.");
  }

  @Test
  void aTextBeginsAndEndsAsTheFlagsSay() {
    TinyModel tiny =
        new TinyModel()
            .with("tokenizer.ggml.bos_token_id", 0)
            .with("tokenizer.ggml.eos_token_id", 1);
    assertThat(tokenizer(tiny)).doesNotContainKey("post_processor");

    tiny.with("tokenizer.ggml.add_bos_token", true).with("tokenizer.ggml.add_eos_token", true);
    Map<String, Object> template = object(tokenizer(tiny), "post_processor");
    assertThat(template.get("single").toString())
        .isEqualTo(
            "[{SpecialToken={id=a, type_id=0}}, {Sequence={id=A, type_id=0}},"
                + " {SpecialToken={id=b, type_id=0}}]");
    assertThat((List<?>) template.get("pair")).hasSize(6);
    assertThat(template.get("special_tokens").toString()).contains("a={id=a, ids=[0], tokens=[a]}");
  }

  @Test
  void aLlamaThreeTextBeginsUnlessTheFileSaysOtherwise() {
    TinyModel tiny =
        new TinyModel()
            .with("tokenizer.ggml.pre", "llama-bpe")
            .with("tokenizer.ggml.bos_token_id", 0);
    assertThat(tokenizer(tiny)).containsKey("post_processor");
    tiny.with("tokenizer.ggml.add_bos_token", false);
    assertThat(tokenizer(tiny)).doesNotContainKey("post_processor");
  }

  @Test
  void runsOfSpacesAreSpelledAsTextsHoldThemAndMergedFirst() {
    Map<String, Object> tokenizer = tokenizer("gemma3");
    Map<String, Object> model = object(tokenizer, "model");

    assertThat(object(model, "vocab"))
        .containsEntry("\u2581\u2581", 4L)
        .containsEntry("\u2581\u2581\u2581", 5L)
        .doesNotContainKey("  ");
    assertThat(((List<?>) model.get("merges")).subList(0, 3).toString())
        .isEqualTo("[[\u2581, \u2581], [\u2581\u2581, \u2581], [\u2581, \u2581\u2581]]");
    assertThat(added(tokenizer))
        .containsExactly("<unk>=true", "<s>=true", "</s>=true", "\n\n=false");
  }

  @Test
  void aSpaceIsPutFirstUnlessTheFileSaysOtherwise() {
    assertThat(tokenizer("mistral").toString()).contains("Prepend").contains("Strip");
    assertThat(tokenizer("gemma3").toString()).doesNotContain("Prepend").doesNotContain("Strip");
  }

  @Test
  void listedMergesGoBeforeScores() {
    TinyModel tiny =
        new TinyModel()
            .with("tokenizer.ggml.model", "llama")
            .withReals("tokenizer.ggml.scores", 0, -1, -2);
    assertThat(object(tokenizer(tiny), "model").get("merges"))
        .isEqualTo(List.of(List.of("a", "b")));
  }

  @Test
  void theConfigurationNamesTokensAndTemplate() {
    assertThat(open("smollm").tokenizerConfig())
        .containsEntry("tokenizer_class", "PreTrainedTokenizerFast")
        .containsEntry("bos_token", "<|bos|>")
        .containsEntry("eos_token", "<|end|>")
        .containsEntry("model_max_length", 64L)
        .containsEntry("chat_template", "{% for m in messages %}{{ m['content'] }}{% endfor %}");
    assertThat(open("mistral").tokenizerConfig())
        .containsEntry("unk_token", "<unk>")
        .doesNotContainKey("chat_template");
  }

  private static List<String> added(Map<String, Object> tokenizer) {
    return ((List<?>) tokenizer.get("added_tokens"))
        .stream()
            .map(token -> (Map<?, ?>) token)
            .map(token -> token.get("content") + "=" + token.get("special"))
            .toList();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> object(Map<String, Object> map, String field) {
    return (Map<String, Object>) map.get(field);
  }

  private Map<String, Object> tokenizer(TinyModel tiny) {
    Path file = tiny.write(folder.resolve("tiny.gguf"));
    return Json.object(file, GgufModel.open(file, Arena.ofAuto()).tokenizer());
  }

  private static Map<String, Object> tokenizer(String name) {
    return Json.object(Fixtures.file(name + ".gguf"), open(name).tokenizer());
  }

  private static GgufModel open(String name) {
    return GgufModel.open(Fixtures.file(name + ".gguf"), Arena.ofAuto());
  }
}
