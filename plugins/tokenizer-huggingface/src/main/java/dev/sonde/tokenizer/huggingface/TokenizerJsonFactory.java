package dev.sonde.tokenizer.huggingface;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.Resources;
import dev.sonde.api.text.Tokenizer;
import dev.sonde.api.text.TokenizerFactory;
import dev.sonde.api.text.TokenizerSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Map;

/** Opens tokenizer.json. */
final class TokenizerJsonFactory implements TokenizerFactory {
  private static final String DJL_CACHE = "DJL_CACHE_DIR";

  /** Texts are fed whole: neither cut nor padded. */
  private static final Map<String, String> OPTIONS =
      Map.of("truncation", "false", "padding", "false");

  @Override
  public String name() {
    return "huggingface";
  }

  @Override
  public String summary() {
    return "tokenizer.json, by Hugging Face's own library";
  }

  @Override
  public boolean opens(TokenizerSource source) {
    return source.format().equals(TokenizerSource.TOKENIZER_JSON);
  }

  @Override
  public Tokenizer open(TokenizerSource source, Resources resources) {
    if (System.getenv(DJL_CACHE) == null && System.getProperty(DJL_CACHE) == null) {
      System.setProperty(DJL_CACHE, resources.cache().resolve("djl").toString());
    }
    try (InputStream in = Files.newInputStream(source.file())) {
      return new TokenizerJson(HuggingFaceTokenizer.newInstance(in, OPTIONS), source.file());
    } catch (IOException | RuntimeException e) {
      throw new ModelUnavailableException(
          "%s: the tokenizer cannot be opened: %s".formatted(source.file(), e.getMessage()), e);
    }
  }
}
