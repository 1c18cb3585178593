package dev.sonde.backend.reference;

import java.util.Arrays;

/**
 * Rotated keys, and values, of some tokens.
 *
 * @param width numbers a token, of keys or of values
 * @param keys {@code [tokens, width]}, or longer
 * @param values likewise
 */
record KeyValues(int width, float[] keys, float[] values) {
  /** Those of some of the tokens. */
  KeyValues tokens(int start, int count) {
    int from = start * width;
    int to = from + count * width;
    return new KeyValues(
        width, Arrays.copyOfRange(keys, from, to), Arrays.copyOfRange(values, from, to));
  }
}
