package dev.sonde.tokenizer.huggingface;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.Resources;
import dev.sonde.api.text.Tokenizer;
import dev.sonde.api.text.TokenizerFactory;
import dev.sonde.api.text.TokenizerSource;
import dev.sonde.formats.TextFile;
import dev.sonde.formats.gguf.model.GgufModel;
import dev.sonde.formats.json.JsonText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Opens tokenizer.json, or writes it from the vocabulary of a GGUF file and opens that. */
final class TokenizerJsonFactory implements TokenizerFactory {
  private static final String DJL_CACHE = "DJL_CACHE_DIR";

  private static final Set<String> FORMATS =
      Set.of(TokenizerSource.TOKENIZER_JSON, TokenizerSource.GGUF);

  /** Texts are fed whole: neither cut nor padded. */
  private static final Map<String, String> OPTIONS =
      Map.of("truncation", "false", "padding", "false");

  @Override
  public String name() {
    return "huggingface";
  }

  @Override
  public String summary() {
    return "tokenizer.json and GGUF vocabularies, by Hugging Face's own library";
  }

  @Override
  public boolean opens(TokenizerSource source) {
    return FORMATS.contains(source.format());
  }

  @Override
  public Tokenizer open(TokenizerSource source, Resources resources) {
    if (System.getenv(DJL_CACHE) == null && System.getProperty(DJL_CACHE) == null) {
      System.setProperty(DJL_CACHE, resources.cache().resolve("djl").toString());
    }
    try {
      return source.format().equals(TokenizerSource.GGUF)
          ? fromGguf(source.file())
          : fromJson(source.file());
    } catch (IOException | RuntimeException e) {
      throw new ModelUnavailableException(
          "%s: the tokenizer cannot be opened: %s".formatted(source.file(), e.getMessage()), e);
    }
  }

  private static Tokenizer fromJson(Path file) throws IOException {
    byte[] json = TextFile.withoutMark(Files.readAllBytes(file));
    AddedTokens.Completed completed = AddedTokens.complete(json, SideFiles.beside(file));
    return opened(completed.json(), file, () -> ChatFiles.beside(file), completed.notes());
  }

  private static Tokenizer fromGguf(Path file) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      GgufModel model = GgufModel.open(file, arena);
      byte[] config = JsonText.of(model.tokenizerConfig());
      return opened(model.tokenizer(), file, () -> ChatFiles.of(config), model.tokenizerNotes());
    }
  }

  private static Tokenizer opened(
      byte[] json, Path file, Supplier<ChatFiles> chatFiles, List<String> notes)
      throws IOException {
    TokenizerCheck.check(json);
    InputStream bytes = new ByteArrayInputStream(json);
    return new TokenizerJson(
        HuggingFaceTokenizer.newInstance(bytes, OPTIONS), file, chatFiles, notes);
  }
}
