package dev.sonde.api.text;

/** Turns text into token ids and back. Safe for use from several threads. */
public interface Tokenizer extends AutoCloseable {
  /**
   * The tokens of a text.
   *
   * @param specialTokens whether to add what the tokenizer's own template adds (such as BOS)
   */
  Encoding encode(String text, boolean specialTokens);

  /** The text of tokens, special tokens left out. */
  String decode(int[] ids);

  /** The text of one token, special or not. */
  String token(int id);

  @Override
  void close();
}
