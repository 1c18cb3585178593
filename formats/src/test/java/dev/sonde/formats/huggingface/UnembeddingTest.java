package dev.sonde.formats.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnembeddingTest {
  private static final String HEAD = "lm_head.weight";

  @TempDir Path folder;

  @Test
  void oneThatDiffersFromTheEmbeddingItIsTiedToIsUsedWithARemark() {
    ModelFolder model = new TinyFolder().config("\"tie_word_embeddings\": true").open(folder);

    assertThat(model.weights().head().orElseThrow().weight().name()).isEqualTo(HEAD);
    assertThat(model.remarks())
        .singleElement()
        .asString()
        .contains("tie_word_embeddings", "'lm_head.weight' holds other numbers");
  }

  @Test
  void oneThatEqualsTheEmbeddingItIsTiedToIsNoMatter() {
    ModelFolder model =
        new TinyFolder()
            .config("\"tie_word_embeddings\": true")
            .floats(HEAD, new long[] {3, 2}, 1, 2, 3, 4, 5, 6)
            .open(folder);

    assertThat(model.weights().head().orElseThrow().tied()).isTrue();
    assertThat(model.remarks()).isEmpty();
  }

  @Test
  void withoutOneEverythingButLogitsIsOffered() {
    ModelFolder model = new TinyFolder().without(HEAD).open(folder);

    assertThat(model.weights().head()).isEmpty();
    assertThat(model.weights().hookSites().sites())
        .contains("hook_resid_post", "ln_final.hook_out")
        .doesNotContain("logits", "log_prob");
    assertThat(model.remarks())
        .singleElement()
        .asString()
        .contains("no unembedding ('lm_head.weight')");
  }

  @Test
  void tensorsOfNoPartAndBlocksBeyondTheLastAreNamed() {
    ModelFolder model =
        new TinyFolder()
            .floats("model.layers.0.odd.weight", new long[] {1}, 1)
            .floats("model.layers.1.input_layernorm.weight", new long[] {2}, 1, 1)
            .open(folder);

    assertThat(model.remarks())
        .hasSize(2)
        .anyMatch(
            remark ->
                remark.contains("is 1, the weights have 2 blocks")
                    && remark.contains("block 1 is left out"))
        .anyMatch(remark -> remark.contains("'model.layers.0.odd.weight'"));
  }
}
