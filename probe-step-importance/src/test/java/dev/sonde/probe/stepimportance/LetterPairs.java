package dev.sonde.probe.stepimportance;

import dev.sonde.api.text.Encoding;
import dev.sonde.api.text.Tokenizer;

/** A tokenizer for tests: every two characters are a token, a last one that is left over too. */
public final class LetterPairs implements Tokenizer {
  private static final int SHIFT = 16;

  @Override
  public Encoding encode(String text, boolean specialTokens) {
    int count = (text.length() + 1) / 2;
    int[] ids = new int[count];
    int[] starts = new int[count];
    int[] ends = new int[count];
    for (int i = 0; i < count; i++) {
      starts[i] = 2 * i;
      ends[i] = Math.min(text.length(), 2 * i + 2);
      ids[i] = text.charAt(2 * i);
      if (ends[i] - starts[i] == 2) {
        ids[i] |= text.charAt(2 * i + 1) << SHIFT;
      }
    }
    return Encoding.of(ids, starts, ends);
  }

  @Override
  public String decode(int[] ids) {
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      text.append(token(id));
    }
    return text.toString();
  }

  @Override
  public String token(int id) {
    String first = String.valueOf((char) id);
    return id >> SHIFT == 0 ? first : first + (char) (id >> SHIFT);
  }

  @Override
  public void close() {}
}
