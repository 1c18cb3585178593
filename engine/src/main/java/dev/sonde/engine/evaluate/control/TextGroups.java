package dev.sonde.engine.evaluate.control;

import dev.sonde.api.data.Example;
import dev.sonde.engine.data.LabelledStudy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The groups of a data set, with those joined that hold the same text: a row whose text is on the
 * other side of a split as well is no row that was never seen, whatever its id. Texts are the same
 * if they differ in white space and capitals only; blank ones are left alone.
 *
 * @param groups one name per row
 * @param joined how many rows' texts stand in another group as well
 * @param near pairs of rows of different groups whose texts are nearly the same, see {@link
 *     NearTexts}: counted and named, not joined
 */
public record TextGroups(List<String> groups, int joined, List<Near> near) {
  private static final Pattern SPACE = Pattern.compile("\\s+");

  /**
   * Two rows of nearly one text.
   *
   * @param first id of a row
   * @param second id of a later one
   */
  public record Near(String first, String second) {}

  /** The groups of a data set. */
  public static TextGroups of(LabelledStudy study) {
    List<Example> examples = study.examples();
    int[] parents = IntStream.range(0, examples.size()).toArray();
    Map<String, Integer> firstOfGroup = new HashMap<>();
    Map<String, Integer> firstOfText = new HashMap<>();
    Set<Integer> joined = new HashSet<>();
    for (int row = 0; row < parents.length; row++) {
      int own = row;
      join(parents, firstOfGroup.computeIfAbsent(study.groups().get(row), g -> own), row);
    }
    for (int row = 0; row < parents.length; row++) {
      String text = key(examples.get(row).text());
      int own = row;
      int first = text.isEmpty() ? row : firstOfText.computeIfAbsent(text, t -> own);
      if (!study.groups().get(first).equals(study.groups().get(row))) {
        joined.addAll(List.of(first, row));
      }
      join(parents, first, row);
    }
    List<String> groups =
        IntStream.range(0, parents.length)
            .mapToObj(row -> study.groups().get(root(parents, row)))
            .toList();
    return new TextGroups(groups, joined.size(), List.of());
  }

  /** What two texts must share to be the same; empty where there is none. */
  static String key(String text) {
    return SPACE.matcher(text.strip().toLowerCase(Locale.ROOT)).replaceAll(" ");
  }

  /** The earlier root stays, so that a group keeps the name of its first row. */
  private static void join(int[] parents, int a, int b) {
    int first = root(parents, a);
    int second = root(parents, b);
    parents[Math.max(first, second)] = Math.min(first, second);
  }

  private static int root(int[] parents, int row) {
    int at = row;
    while (parents[at] != at) {
      parents[at] = parents[parents[at]];
      at = parents[at];
    }
    return at;
  }

  /** The same, with texts of different groups looked for that are nearly the same. */
  TextGroups withNear(LabelledStudy study) {
    List<Near> found = new ArrayList<>();
    NearTexts texts = new NearTexts();
    List<Example> examples = study.examples();
    for (int row = 0; row < groups.size(); row++) {
      Example later = examples.get(row);
      texts
          .look(row, groups.get(row), later.text())
          .ifPresent(earlier -> found.add(new Near(examples.get(earlier).id(), later.id())));
    }
    return new TextGroups(groups, joined, List.copyOf(found));
  }

  /** What a reader should know of them. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (joined > 0) {
      notes.add(
          "%d rows have a text that stands in another group as well: their groups count as one."
              .formatted(joined));
    }
    if (!near.isEmpty()) {
      notes.add(
          "%d rows are nearly the text of a row of another group, such as %s and %s: if they are versions of one text, give them one group."
              .formatted(near.size(), near.getFirst().first(), near.getFirst().second()));
    }
    return notes;
  }

  /** Whether groups were given, as against one a row, or a pair. */
  static boolean given(LabelledStudy study) {
    long units =
        study.pairs().isEmpty() ? study.groups().size() : study.pairs().stream().distinct().count();
    return study.groups().stream().distinct().count() < units;
  }
}
