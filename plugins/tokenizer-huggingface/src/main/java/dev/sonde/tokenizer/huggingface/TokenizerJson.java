package dev.sonde.tokenizer.huggingface;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import dev.sonde.api.text.Encoding;
import dev.sonde.api.text.Tokenizer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A tokenizer.json, opened. */
final class TokenizerJson implements Tokenizer {
  private final HuggingFaceTokenizer tokenizer;

  TokenizerJson(HuggingFaceTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  @Override
  public Encoding encode(String text, boolean specialTokens) {
    var encoded = tokenizer.encode(text, specialTokens, false);
    int[] ids = Arrays.stream(encoded.getIds()).mapToInt(Math::toIntExact).toArray();
    int[] starts = new int[ids.length];
    int[] ends = new int[ids.length];
    int[] units = utf16Offsets(text);
    CharSpan[] spans = encoded.getCharTokenSpans();
    int last = 0;
    for (int i = 0; i < ids.length; i++) {
      @Nullable CharSpan span = spans[i];
      starts[i] = span == null ? last : units[span.getStart()];
      ends[i] = span == null ? last : units[span.getEnd()];
      last = ends[i];
    }
    return new Encoding(ids, starts, ends);
  }

  /** Per code point its offset in UTF-16 units, and the length at the end. */
  private static int[] utf16Offsets(String text) {
    int[] offsets = new int[text.codePointCount(0, text.length()) + 1];
    for (int point = 0, unit = 0; point < offsets.length; point++) {
      offsets[point] = unit;
      if (unit < text.length()) {
        unit += Character.charCount(text.codePointAt(unit));
      }
    }
    return offsets;
  }

  @Override
  public String decode(int[] ids) {
    return tokenizer.decode(Arrays.stream(ids).asLongStream().toArray(), true);
  }

  @Override
  public String token(int id) {
    return tokenizer.decode(new long[] {id}, false);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
