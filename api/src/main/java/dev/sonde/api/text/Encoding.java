package dev.sonde.api.text;

import dev.sonde.api.ApiStatus;

/** The tokens of a text with their places in it. */
@ApiStatus(value = ApiStatus.Level.STABLE, since = "0.1")
public final class Encoding {
  private final int[] ids;
  private final int[] starts;
  private final int[] ends;

  private Encoding(int[] ids, int[] starts, int[] ends) {
    this.ids = ids;
    this.starts = starts;
    this.ends = ends;
  }

  /**
   * An encoding; the arrays are not copied.
   *
   * @param ids token ids
   * @param starts per token, the offset of its first character in UTF-16 units
   * @param ends per token, the offset after its last character; equal to the start for tokens that
   *     stand for no text, such as BOS
   */
  public static Encoding of(int[] ids, int[] starts, int[] ends) {
    return new Encoding(ids, starts, ends);
  }

  /** Number of tokens. */
  public int size() {
    return ids.length;
  }

  /** Token ids. */
  public int[] ids() {
    return ids;
  }

  /** Per token, the offset of its first character in UTF-16 units. */
  public int[] starts() {
    return starts;
  }

  /**
   * Per token, the offset after its last character; equal to the start for tokens that stand for no
   * text, such as BOS.
   */
  public int[] ends() {
    return ends;
  }
}
