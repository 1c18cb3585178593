package dev.sonde.backend.reference;

import java.util.Arrays;

/**
 * What a mixer keeps of some tokens: of attention rotated keys, and values.
 *
 * @param keyWidth numbers of a token's keys
 * @param valueWidth numbers of its values
 * @param keys {@code [tokens, key width]}, or longer
 * @param values {@code [tokens, value width]}, or longer
 */
record KeyValues(int keyWidth, int valueWidth, float[] keys, float[] values) {
  /** Those of some of the tokens. */
  KeyValues tokens(int start, int count) {
    return new KeyValues(
        keyWidth,
        valueWidth,
        Arrays.copyOfRange(keys, start * keyWidth, (start + count) * keyWidth),
        Arrays.copyOfRange(values, start * valueWidth, (start + count) * valueWidth));
  }
}
