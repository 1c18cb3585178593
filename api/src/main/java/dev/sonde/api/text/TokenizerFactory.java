package dev.sonde.api.text;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.Extension;
import dev.sonde.api.Resources;

/** Opens tokenizers from the files of a model. */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public interface TokenizerFactory extends Extension {
  /** Whether it can open that kind of tokenizer. */
  boolean opens(TokenizerSource source);

  /**
   * Opens it.
   *
   * @throws dev.sonde.api.ModelUnavailableException naming the file if it is missing or malformed
   */
  Tokenizer open(TokenizerSource source, Resources resources);
}
