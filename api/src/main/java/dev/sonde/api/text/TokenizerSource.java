package dev.sonde.api.text;

import dev.sonde.api.ApiStatus;
import java.nio.file.Path;

/**
 * Where a model keeps its tokenizer.
 *
 * @param format {@code tokenizer.json}, {@code gguf} or another name that a {@link
 *     TokenizerFactory} knows
 * @param file the file to read; what belongs to it, such as {@code tokenizer_config.json}, lies
 *     beside it
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public record TokenizerSource(String format, Path file) {
  /** The format of Hugging Face's fast tokenizers. */
  public static final String TOKENIZER_JSON = "tokenizer.json";

  /** The format of tokenizers inside a GGUF file, which is named as {@link #file}. */
  public static final String GGUF = "gguf";

  /** The source of a file whose name says what it is: {@code .gguf}, else a tokenizer.json. */
  public static TokenizerSource of(Path file) {
    return new TokenizerSource(file.toString().endsWith("." + GGUF) ? GGUF : TOKENIZER_JSON, file);
  }
}
