package dev.sonde.api.text;

/**
 * The tokens of a text with their places in it.
 *
 * @param ids token ids
 * @param starts per token, the offset of its first character in UTF-16 units
 * @param ends per token, the offset after its last character; equal to the start for tokens that
 *     stand for no text, such as BOS
 */
public record Encoding(int[] ids, int[] starts, int[] ends) {
  /** Number of tokens. */
  public int size() {
    return ids.length;
  }
}
