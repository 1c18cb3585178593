package dev.sonde.backend.pytorch;

import dev.sonde.api.model.Sequence;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was generated before behind the same last tokens with the same seed: a guess at what comes
 * next. A generation is asked for many times behind texts that differ in their middle only, and
 * ends mostly alike. The guess is run together with the prompt, and what is drawn is drawn from the
 * distributions that this gives: a wrong guess costs its tokens and changes nothing.
 */
final class Drafts {
  /** Last tokens of a prompt that must be the same. */
  private static final int LAST = 4;

  /** Longer generations seldom repeat themselves. */
  private static final int LONGEST = 32;

  private static final int[] NONE = {};

  private final Map<Place, Map<List<Integer>, Integer>> seen = new HashMap<>();

  private record Place(long seed, List<Integer> last) {
    static Place of(Sequence sequence) {
      int[] tokens = sequence.tokens();
      return new Place(
          sequence.seed(), boxed(tokens, Math.max(0, tokens.length - LAST), tokens.length));
    }
  }

  private static List<Integer> boxed(int[] tokens, int from, int to) {
    return Arrays.stream(tokens, from, to).boxed().toList();
  }

  private static boolean isShort(Sequence sequence) {
    return sequence.maxNewTokens() <= LONGEST && SharedPrefixes.isPlain(sequence);
  }

  /** The tokens that followed most often, the first of those that did equally often. */
  int[] guess(Sequence sequence) {
    if (!isShort(sequence)) {
      return NONE;
    }
    return seen.getOrDefault(Place.of(sequence), Map.of()).entrySet().stream()
        .max(Comparator.comparingInt(Map.Entry::getValue))
        .map(each -> each.getKey().stream().mapToInt(Integer::intValue).toArray())
        .map(tokens -> Arrays.copyOf(tokens, Math.min(tokens.length, sequence.maxNewTokens())))
        .orElse(NONE);
  }

  /** Keeps what was generated. */
  void add(Sequence sequence, int[] tokens, int count) {
    if (isShort(sequence)) {
      seen.computeIfAbsent(Place.of(sequence), place -> new LinkedHashMap<>())
          .merge(boxed(tokens, 0, count), 1, Integer::sum);
    }
  }

  /** Forgets everything. */
  void clear() {
    seen.clear();
  }
}
