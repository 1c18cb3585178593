package dev.sonde.formats.gguf;

import dev.sonde.formats.FormatException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The key-value pairs of a file, in file order. */
public final class GgufMetadata {
  private final Path file;
  private final List<GgufPair> pairs;
  private final Map<String, Object> values;

  GgufMetadata(Path file, Collection<GgufPair> pairs) {
    this.file = file;
    this.pairs = List.copyOf(pairs);
    Map<String, Object> byKey = new LinkedHashMap<>();
    pairs.forEach(pair -> byKey.put(pair.key(), pair.value()));
    this.values = Collections.unmodifiableMap(byKey);
  }

  /** All pairs with the types they are stored as. */
  public List<GgufPair> pairs() {
    return pairs;
  }

  /**
   * All values: {@link Long} (or {@link java.math.BigInteger} for a UINT64 of 2^63 and more),
   * {@link Float}, {@link Double}, {@link Boolean}, {@link String}, or a {@link List} of one of
   * them, read from the file when asked.
   */
  public Map<String, Object> values() {
    return values;
  }

  /**
   * A text.
   *
   * @throws FormatException if it is there and no text
   */
  public Optional<String> text(String key) {
    return value(key, String.class, "a text");
  }

  /**
   * A whole number.
   *
   * @throws FormatException if it is there and no whole number of at most 63 bits
   */
  public Optional<Long> whole(String key) {
    return value(key, Long.class, "a whole number");
  }

  /**
   * A real number; a FLOAT32 as the shortest decimal that is the same FLOAT32 ({@code 1e-5}, not
   * {@code 9.999999747378752e-6}), which is what its author wrote.
   *
   * @throws FormatException if it is there and no number
   */
  public Optional<Double> real(String key) {
    return value(key, Number.class, "a number").map(GgufMetadata::decimal);
  }

  /**
   * A flag.
   *
   * @throws FormatException if it is there and neither true nor false
   */
  public Optional<Boolean> flag(String key) {
    return value(key, Boolean.class, "true or false");
  }

  /**
   * A list of texts.
   *
   * @throws FormatException if it is there and something else
   */
  public Optional<List<String>> texts(String key) {
    return value(key, TextList.class, "a list of texts").map(list -> list);
  }

  /**
   * A list of numbers or of flags.
   *
   * @throws FormatException if it is there and something else
   */
  public Optional<List<Object>> numbers(String key) {
    return value(key, FixedList.class, "a list of numbers").map(list -> list);
  }

  /** What is wrong with a key's value. */
  FormatException problem(String key, String what) {
    return new FormatException(file, "metadata '%s' %s".formatted(key, what));
  }

  static double decimal(Number number) {
    return number instanceof Float ? Double.parseDouble(number.toString()) : number.doubleValue();
  }

  private <T> Optional<T> value(String key, Class<T> type, String wanted) {
    Object value = values.get(key);
    if (value != null && !type.isInstance(value)) {
      throw problem(key, "is not " + wanted);
    }
    return Optional.ofNullable(type.cast(value));
  }
}
