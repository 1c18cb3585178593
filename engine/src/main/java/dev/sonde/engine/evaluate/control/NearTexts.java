package dev.sonde.engine.evaluate.control;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds texts that are nearly the same: of the words and pairs of neighbouring words that either
 * holds, four fifths are in both (Jaccard's index), whatever signs and capitals are between them.
 * Candidates are found by minwise hashing (Broder 1997), in time linear in the texts, and then
 * compared: one that is named is near, but one in eight pairs that lie just at the bound is missed.
 */
final class NearTexts {
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+");
  private static final double SHARED = 0.8;
  private static final int BANDS = 5;
  private static final int HASHES = 4;

  /** Rows of different owners that a bucket remembers. */
  private static final int REMEMBERED = 3;

  private final List<Map<Long, List<Seen>>> buckets = new ArrayList<>();

  /** Remembers nothing yet. */
  NearTexts() {
    for (int band = 0; band < BANDS; band++) {
      buckets.add(new HashMap<>());
    }
  }

  /** A text that was looked at before. */
  private record Seen(int row, String owner, String text) {}

  /**
   * Looks for an earlier text of another owner that is nearly this one, then remembers this one.
   *
   * @param row its number
   * @param owner those of one owner are not compared
   * @return the number of the earlier one
   */
  Optional<Integer> look(int row, String owner, String text) {
    Set<String> shingles = shingles(text);
    if (shingles.isEmpty()) {
      return Optional.empty();
    }
    Seen own = new Seen(row, owner, text);
    Optional<Integer> found = Optional.empty();
    long[] signature = signature(shingles);
    for (int band = 0; band < BANDS; band++) {
      List<Seen> bucket =
          buckets.get(band).computeIfAbsent(key(signature, band), k -> new ArrayList<>(1));
      if (found.isEmpty()) {
        found =
            bucket.stream()
                .filter(
                    seen -> !seen.owner().equals(owner) && near(shingles(seen.text()), shingles))
                .map(Seen::row)
                .findFirst();
      }
      if (bucket.size() < REMEMBERED && bucket.stream().noneMatch(s -> s.owner().equals(owner))) {
        bucket.add(own);
      }
    }
    return found;
  }

  /** Words and pairs of words. */
  private static Set<String> shingles(String text) {
    Set<String> shingles = new HashSet<>();
    String before = "";
    Matcher words = WORD.matcher(text.toLowerCase(Locale.ROOT));
    while (words.find()) {
      shingles.add(words.group());
      if (!before.isEmpty()) {
        shingles.add(before + " " + words.group());
      }
      before = words.group();
    }
    return shingles;
  }

  private static boolean near(Set<String> a, Set<String> b) {
    long both = a.stream().filter(b::contains).count();
    return both >= SHARED * (a.size() + b.size() - both);
  }

  private static long[] signature(Set<String> shingles) {
    long[] least = new long[BANDS * HASHES];
    Arrays.fill(least, Long.MAX_VALUE);
    for (String shingle : shingles) {
      long hash = mixed(shingle.hashCode() * 0x9E3779B97F4A7C15L + shingle.length());
      for (int i = 0; i < least.length; i++) {
        least[i] = Math.min(least[i], mixed(hash + i * 0xD1B54A32D192ED03L));
      }
    }
    return least;
  }

  /** The finishing step of SplitMix64 (Steele, Lea and Flood 2014). */
  private static long mixed(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  private static long key(long[] signature, int band) {
    long key = band;
    for (int i = band * HASHES; i < (band + 1) * HASHES; i++) {
      key = mixed(key ^ signature[i]);
    }
    return key;
  }
}
