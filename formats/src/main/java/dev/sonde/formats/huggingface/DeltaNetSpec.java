package dev.sonde.formats.huggingface;

/**
 * A gated delta net in the place of attention (Yang, Kautz, Hatamizadeh 2024): every head keeps a
 * matrix, of which each token lets some fade, replaces what its key finds by its value, and reads
 * what its query finds.
 *
 * @param keyHeads heads of queries and keys; each serves {@code valueHeads / keyHeads} heads
 * @param valueHeads heads of values, and of the state
 * @param keyWidth width of a query or key
 * @param valueWidth width of a value
 * @param length tokens that the convolution in front of it sees, a token's own included
 * @param norm kind of the norm of what heads read, which is then gated
 * @param grouped whether its linears are ordered by key head, queries, keys, values and gates in
 *     one
 */
public record DeltaNetSpec(
    int keyHeads,
    int valueHeads,
    int keyWidth,
    int valueWidth,
    int length,
    NormSpec norm,
    boolean grouped)
    implements MixerSpec {
  @Override
  public boolean isPrefixable() {
    return false;
  }

  /** Width of all queries, or all keys. */
  public int keysWidth() {
    return keyHeads * keyWidth;
  }

  /** Width of all values. */
  public int valuesWidth() {
    return valueHeads * valueWidth;
  }

  /** Width of what the convolution sees. */
  public int mixedWidth() {
    return 2 * keysWidth() + valuesWidth();
  }
}
