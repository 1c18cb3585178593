package dev.sonde.engine.score;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.text.Encoding;
import dev.sonde.api.text.Tokenizer;
import dev.sonde.engine.data.RowStream.Streamed;

/**
 * Where the tokens of a row stand in its text, and which of them count.
 *
 * @param texts what each stands for
 * @param from where each begins, in UTF-16 units
 * @param to after the end of each
 * @param counts whether it lies in a part of the text that counts
 */
record TokenPlaces(String[] texts, int[] from, int[] to, boolean[] counts) {
  /**
   * The tokens of a row.
   *
   * @throws InvalidInputException if none of them counts
   */
  static TokenPlaces of(Streamed row, Encoding encoding, Tokenizer tokenizer) {
    String text = row.example().text();
    int tokens = encoding.size();
    String[] texts = new String[tokens];
    boolean[] counts = new boolean[tokens];
    boolean any = false;
    for (int t = 0; t < tokens; t++) {
      int from = encoding.starts()[t];
      int to = encoding.ends()[t];
      texts[t] = to > from ? text.substring(from, to) : tokenizer.token(encoding.ids()[t]);
      counts[t] = row.from().length == 0 || lies(row, from, to);
      any |= counts[t];
    }
    if (!any) {
      throw new InvalidInputException(
          "row '%s': no token lies in the part of the text that counts"
              .formatted(row.example().id()));
    }
    return new TokenPlaces(texts, encoding.starts(), encoding.ends(), counts);
  }

  private static boolean lies(Streamed row, int from, int to) {
    for (int part = 0; part < row.from().length; part++) {
      if (to > row.from()[part] && from < row.to()[part]) {
        return true;
      }
    }
    return false;
  }
}
