package dev.sonde.tokenizer.huggingface;

import dev.sonde.api.Plugin;
import dev.sonde.api.text.TokenizerFactory;
import java.util.List;

/** Offers the tokenizer {@code huggingface}. */
public final class HuggingFaceTokenizerPlugin implements Plugin {
  /** For the service loader. */
  public HuggingFaceTokenizerPlugin() {}

  @Override
  public String id() {
    return "tokenizer-huggingface";
  }

  @Override
  public List<TokenizerFactory> tokenizers() {
    return List.of(new TokenizerJsonFactory());
  }
}
