package dev.sonde.formats.gguf.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.formats.FormatException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GgufModelErrorsTest {
  @TempDir Path folder;

  @Test
  void theTinyModelItselfIsFine() {
    GgufModel model = open(new TinyModel());
    assertThat(model.weights()).hasSize(11);
    assertThat(model.config()).containsEntry("tie_word_embeddings", true);
    assertThat(model.tokenizer()).isNotEmpty();
  }

  static Stream<Arguments> contradictions() {
    return Stream.of(
        Arguments.of(
            "architecture 'mamba' is not supported; supported: cohere2, command-r, ",
            new TinyModel().with("general.architecture", "mamba")),
        Arguments.of(
            "metadata 'general.architecture' is missing",
            new TinyModel().without("general.architecture")),
        Arguments.of(
            "is one of the 3 parts of a model, whose names must end in -00001-of-00003.gguf",
            new TinyModel().with("split.count", 3)),
        Arguments.of(
            "metadata 'llama.context_length' is missing",
            new TinyModel().without("llama.context_length")),
        Arguments.of(
            "metadata 'llama.block_count' is 4294967295",
            new TinyModel().with("llama.block_count", 0xffffffffL)),
        Arguments.of(
            "tensor 'blk.*.attn_norm.weight' is there for 1 of 2 blocks",
            new TinyModel().with("llama.block_count", 2)),
        Arguments.of(
            "tensor 'blk.1.attn_q.weight' is not known in a llama model",
            new TinyModel().tensor("blk.1.attn_q.weight", 2, 2)),
        Arguments.of(
            "tensor 'blk.0.ssm_in.weight' is not known",
            new TinyModel().tensor("blk.0.ssm_in.weight", 2, 2)),
        Arguments.of(
            "tensor 'blk.0.attn_q.weight' of shape [3, 2] is not made of groups of 2 rows",
            new TinyModel().tensor("blk.0.attn_q.weight", 2, 3)),
        Arguments.of(
            "'llama.attention.key_length' 3 makes no pairs",
            new TinyModel().with("llama.attention.key_length", 3)),
        Arguments.of("head_count' is 0", new TinyModel().with("llama.attention.head_count", 0)),
        Arguments.of(
            "is not the heads' width", new TinyModel().with("llama.rope.dimension_count", 1)),
        Arguments.of(
            "'llama.expert_count' is 8, and there is no tensor 'blk.0.ffn_gate_exps.weight'",
            new TinyModel().with("llama.expert_count", 8)),
        Arguments.of(
            "differs between blocks: [1, 2]",
            new TinyModel().withNumbers("llama.feed_forward_length", 1, 2)),
        Arguments.of(
            "'llama.rope.scaling.type' is 'su'",
            new TinyModel().with("llama.rope.scaling.type", "su")),
        Arguments.of(
            "has no tensor 'token_embd.weight'", new TinyModel().without("token_embd.weight")),
        Arguments.of(
            "has 3 tokens and rows for 2", new TinyModel().tensor("token_embd.weight", 2, 2)),
        Arguments.of(
            "'tokenizer.ggml.tokens' is missing", new TinyModel().without("tokenizer.ggml.tokens")),
        Arguments.of(
            "'tokenizer.ggml.token_type' has 2 entries for 3 tokens",
            new TinyModel().withNumbers("tokenizer.ggml.token_type", 1, 1)));
  }

  @ParameterizedTest
  @MethodSource("contradictions")
  void aModelThatContradictsItselfIsRefusedByName(String reason, TinyModel model) {
    assertThatThrownBy(() -> open(model))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(folder.resolve("tiny.gguf") + ": ")
        .hasMessageContaining(reason);
  }

  static Stream<Arguments> tokenizers() {
    return Stream.of(
        Arguments.of(
            "'tokenizer.ggml.model' is 'bert'; supported: gpt2, llama",
            new TinyModel().with("tokenizer.ggml.model", "bert")),
        Arguments.of(
            "'tokenizer.ggml.pre' is 'new'; supported: chatglm-bpe, codeshell, command-r, dbrx,",
            new TinyModel().with("tokenizer.ggml.pre", "new")),
        Arguments.of(
            "'tokenizer.ggml.merges' is missing", new TinyModel().without("tokenizer.ggml.merges")),
        Arguments.of(
            "holds 'b a', which makes no token",
            new TinyModel().with("tokenizer.ggml.merges", List.of("b a"))),
        Arguments.of(
            "holds 'ab', which makes no token",
            new TinyModel().with("tokenizer.ggml.merges", List.of("ab"))),
        Arguments.of(
            "'tokenizer.ggml.token_type' holds 9",
            new TinyModel().withNumbers("tokenizer.ggml.token_type", 1, 1, 9)),
        Arguments.of(
            "'tokenizer.ggml.scores' is missing, and so is 'merges'",
            new TinyModel().with("tokenizer.ggml.model", "llama").without("tokenizer.ggml.merges")),
        Arguments.of(
            "in two spellings",
            new TinyModel()
                .with("tokenizer.ggml.model", "llama")
                .with("tokenizer.ggml.tokens", List.of("a", "\u2581", " "))));
  }

  @ParameterizedTest
  @MethodSource("tokenizers")
  void aTokenizerThatCannotBeToldIsRefusedWhenItIsAskedFor(String reason, TinyModel tiny) {
    GgufModel model = open(tiny);
    assertThatThrownBy(model::tokenizer)
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(reason);
  }

  private GgufModel open(TinyModel model) {
    return GgufModel.open(model.write(folder.resolve("tiny.gguf")), Arena.ofAuto());
  }
}
