package dev.sonde.engine.plugin;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Helps after a typing error: the names that are closest to what was written. */
public final class NearestNames {
  private static final int MOST = 3;

  private NearestNames() {}

  /**
   * The end of a message about an unknown name: the nearest names, or all of them where none is
   * near.
   */
  public static String hint(String written, Collection<String> known) {
    List<String> near = near(written, known);
    if (!near.isEmpty()) {
      return "did you mean " + String.join(" or ", near) + "?";
    }
    return known.isEmpty() ? "there are none" : "there are: " + String.join(", ", sorted(known));
  }

  /** At most three names that two fifths of the letters in edits reach, nearest first. */
  static List<String> near(String written, Collection<String> known) {
    int most = Math.max(1, 2 * written.length() / 5);
    return sorted(known).stream()
        .filter(name -> related(written, name, most))
        .sorted(Comparator.comparingInt(name -> distance(written, name)))
        .limit(MOST)
        .toList();
  }

  private static boolean related(String written, String name, int most) {
    return distance(written, name) <= most
        || (written.length() > 2 && (name.contains(written) || written.contains(name)));
  }

  private static List<String> sorted(Collection<String> names) {
    return names.stream().sorted().toList();
  }

  /** Levenshtein's edit distance, case ignored. */
  static int distance(String a, String b) {
    String left = a.toLowerCase(Locale.ROOT);
    String right = b.toLowerCase(Locale.ROOT);
    int[] row = new int[right.length() + 1];
    for (int j = 0; j <= right.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= right.length(); j++) {
        int substitution = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitution, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[right.length()];
  }
}
