package dev.sonde.formats.gguf.model;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.gguf.GgufFile;
import dev.sonde.formats.gguf.GgufMetadata;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The tokens of a file, checked: as many kinds and scores as texts. A text that stands under
 * several ids becomes the first of them, as in llama.cpp; nothing is turned into the others.
 */
final class Vocabulary {
  private static final String PREFIX = "tokenizer.ggml.";

  private static final Map<String, Long> SENTENCE_PIECE_IDS =
      Map.of("unknown", 0L, "bos", 1L, "eos", 2L);

  /** What a token is to the tokenizer, with its number in the file. */
  enum Kind {
    NORMAL(1),
    /** Stands for what has no token. */
    UNKNOWN(2),
    /** Written by templates only, such as the beginning of a text. */
    CONTROL(3),
    /** Found whole in texts, before they are split. */
    USER_DEFINED(4),
    /** An id that nothing is turned into. */
    UNUSED(5),
    /** One byte of a character that has no token. */
    BYTE(6);

    private final int id;

    Kind(int id) {
      this.id = id;
    }
  }

  private final GgufFile file;
  private final List<String> tokens;
  private final List<Object> kinds;
  private final List<Object> scores;
  private final Map<Integer, Integer> repeated;

  private Vocabulary(GgufFile file, List<String> tokens, List<Object> kinds, List<Object> scores) {
    this.file = file;
    this.tokens = tokens;
    this.kinds = kinds;
    this.scores = scores;
    this.repeated = repeated(tokens);
  }

  /**
   * The vocabulary of a file.
   *
   * @throws FormatException if there is none, or it contradicts itself
   */
  static Vocabulary of(GgufFile file) {
    GgufMetadata metadata = file.metadata();
    List<String> tokens =
        List.copyOf(
            metadata
                .texts(PREFIX + "tokens")
                .orElseThrow(() -> problem(file, "tokens", "is missing: no vocabulary")));
    return new Vocabulary(
        file, tokens, perToken(file, "token_type", tokens), perToken(file, "scores", tokens));
  }

  private static Map<Integer, Integer> repeated(List<String> tokens) {
    Map<String, Integer> first = new HashMap<>();
    Map<Integer, Integer> repeated = new TreeMap<>();
    for (int id = 0; id < tokens.size(); id++) {
      Integer earlier = first.putIfAbsent(tokens.get(id), id);
      if (earlier != null) {
        repeated.put(id, earlier);
      }
    }
    return Collections.unmodifiableMap(repeated);
  }

  private static List<Object> perToken(GgufFile file, String key, List<String> tokens) {
    List<Object> list = file.metadata().numbers(PREFIX + key).orElse(List.of());
    if (!list.isEmpty() && list.size() != tokens.size()) {
      throw problem(
          file, key, "has %d entries for %d tokens".formatted(list.size(), tokens.size()));
    }
    return list;
  }

  int size() {
    return tokens.size();
  }

  String text(int id) {
    return tokens.get(id);
  }

  /** The ids whose text stands under an earlier one too, in their order, with that one. */
  Map<Integer, Integer> repeated() {
    return repeated;
  }

  Kind kind(int id) {
    if (repeated.containsKey(id)) {
      return Kind.UNUSED;
    }
    // Files without kinds, and some writers' 0, mean ordinary tokens.
    if (kinds.isEmpty() || kinds.get(id).equals(0L)) {
      return Kind.NORMAL;
    }
    Object number = kinds.get(id);
    return Arrays.stream(Kind.values())
        .filter(kind -> number.equals((long) kind.id))
        .findFirst()
        .orElseThrow(() -> problem("token_type", "holds " + number));
  }

  boolean hasScores() {
    return !scores.isEmpty();
  }

  float score(int id) {
    return scores.get(id) instanceof Number number ? number.floatValue() : 0;
  }

  /**
   * A token that a key names, if it is one of the vocabulary; where SentencePiece files say
   * nothing, the one that llama.cpp takes.
   */
  Optional<Integer> special(String key) {
    boolean pieces = option("model").equals(Optional.of("llama"));
    return file.metadata()
        .whole(PREFIX + key + "_token_id")
        .or(() -> Optional.ofNullable(pieces ? SENTENCE_PIECE_IDS.get(key) : null))
        .filter(id -> id >= 0 && id < size())
        .map(Long::intValue);
  }

  Optional<Boolean> flag(String key) {
    return file.metadata().flag(PREFIX + key);
  }

  Optional<String> option(String key) {
    return file.metadata().text(PREFIX + key);
  }

  Optional<List<String>> merges() {
    return file.metadata().texts(PREFIX + "merges");
  }

  FormatException problem(String key, String what) {
    return problem(file, key, what);
  }

  private static FormatException problem(GgufFile file, String key, String what) {
    return new FormatException(file.path(), "metadata '%s%s' %s".formatted(PREFIX, key, what));
  }
}
