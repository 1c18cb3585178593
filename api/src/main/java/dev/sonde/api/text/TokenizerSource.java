package dev.sonde.api.text;

import java.nio.file.Path;

/**
 * Where a model keeps its tokenizer.
 *
 * @param format {@code tokenizer.json} or another name that a {@link TokenizerFactory} knows
 * @param file the file to read; what belongs to it, such as {@code tokenizer_config.json}, lies
 *     beside it
 */
public record TokenizerSource(String format, Path file) {
  /** The format of Hugging Face's fast tokenizers. */
  public static final String TOKENIZER_JSON = "tokenizer.json";
}
