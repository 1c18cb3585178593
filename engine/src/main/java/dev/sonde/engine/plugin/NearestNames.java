package dev.sonde.engine.plugin;

import java.util.Collection;
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

  /**
   * At most three names: the nearest ones, within two fifths of the letters in edits; else names
   * that contain what was written or are contained in it.
   */
  public static List<String> near(String written, Collection<String> known) {
    int most = Math.max(1, 2 * written.length() / 5);
    int least = known.stream().mapToInt(name -> distance(written, name)).min().orElse(most + 1);
    return sorted(known).stream()
        .filter(name -> least <= most ? distance(written, name) == least : contained(written, name))
        .limit(MOST)
        .toList();
  }

  private static boolean contained(String written, String name) {
    return written.length() > 2 && (name.contains(written) || written.contains(name));
  }

  private static List<String> sorted(Collection<String> names) {
    return names.stream().sorted().toList();
  }

  /** Edits between two names, case ignored: letters in, out, changed, or two exchanged. */
  static int distance(String a, String b) {
    String left = a.toLowerCase(Locale.ROOT);
    String right = b.toLowerCase(Locale.ROOT);
    int[][] edits = new int[left.length() + 1][right.length() + 1];
    for (int i = 0; i <= left.length(); i++) {
      for (int j = 0; j <= right.length(); j++) {
        edits[i][j] = Math.max(i, j);
        if (i > 0 && j > 0) {
          int changed = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
          edits[i][j] =
              Math.min(
                  edits[i - 1][j - 1] + changed, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
        }
        if (i > 1
            && j > 1
            && left.charAt(i - 1) == right.charAt(j - 2)
            && left.charAt(i - 2) == right.charAt(j - 1)) {
          edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
        }
      }
    }
    return edits[left.length()][right.length()];
  }
}
