package dev.sonde.trials;

import dev.sonde.api.text.Encoding;
import dev.sonde.api.text.Tokenizer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A tokenizer whose tokens are characters. */
final class Letters implements Tokenizer {
  @Override
  public Encoding encode(String text, boolean specialTokens) {
    int[] ids = text.chars().toArray();
    return Encoding.of(ids, new int[ids.length], new int[ids.length]);
  }

  @Override
  public String decode(int[] ids) {
    return IntStream.of(ids).mapToObj(Character::toString).collect(Collectors.joining());
  }

  @Override
  public String token(int id) {
    return Character.toString(id);
  }

  @Override
  public void close() {}
}
