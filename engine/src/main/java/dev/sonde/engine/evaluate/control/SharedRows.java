package dev.sonde.engine.evaluate.control;

import dev.sonde.api.data.Example;
import dev.sonde.engine.data.LabelledStudy;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What two data sets have in common. Rows are left out of a transfer whose text or group the set
 * holds that decoders are fitted to. Groups are compared where both sets have some: without them
 * every row is a group by its id, which says nothing. Rows that are nearly a text of the other set
 * are named, and stay.
 */
final class SharedRows {
  /** Groups that are named. */
  private static final int NAMED = 3;

  private final SetFeatures from;
  private final SetFeatures to;
  private final List<String> notes;

  /**
   * Of two sets, perhaps the same.
   *
   * @param notes what is said of the rows is added here
   */
  SharedRows(SetFeatures from, SetFeatures to, List<String> notes) {
    this.from = from;
    this.to = to;
    this.notes = notes;
  }

  /** The rows of the second set of which the first holds neither the text nor the group. */
  int[] others() {
    if (Transfer.same(from, to)) {
      return new int[0];
    }
    Set<String> texts =
        from.study().examples().stream()
            .map(example -> TextGroups.key(example.text()))
            .filter(text -> !text.isEmpty())
            .collect(Collectors.toSet());
    LabelledStudy study = to.study();
    boolean grouped = TextGroups.given(from.study()) && TextGroups.given(study);
    Set<String> groups = grouped ? new HashSet<>(from.study().groups()) : Set.of();
    List<Example> examples = study.examples();
    int[] otherTexts =
        IntStream.range(0, examples.size())
            .filter(row -> !texts.contains(TextGroups.key(examples.get(row).text())))
            .toArray();
    int[] rows =
        Arrays.stream(otherTexts)
            .filter(row -> !groups.contains(study.groups().get(row)))
            .toArray();
    say(examples.size() - otherTexts.length, "stand in", "");
    Set<String> shared =
        Arrays.stream(otherTexts)
            .mapToObj(study.groups()::get)
            .filter(groups::contains)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    say(
        otherTexts.length - rows.length,
        "have a group of",
        shared.isEmpty()
            ? ""
            : " (%d groups: %s%s)"
                .formatted(
                    shared.size(),
                    String.join(", ", shared.stream().limit(NAMED).toList()),
                    shared.size() > NAMED ? ", …" : ""));
    sayNear(rows);
    return rows;
  }

  private void say(int count, String what, String which) {
    if (count > 0) {
      notes.add(
          "%d rows of %s %s %s as well%s and are left out of the transfer between them."
              .formatted(count, Transfer.name(to), what, Transfer.name(from), which));
    }
  }

  private void sayNear(int[] rows) {
    NearTexts texts = new NearTexts();
    List<Example> known = from.study().examples();
    for (int row = 0; row < known.size(); row++) {
      texts.look(row, "from", known.get(row).text());
    }
    int near = 0;
    String example = "";
    for (int row : rows) {
      Example later = to.study().examples().get(row);
      int earlier = texts.look(row, "to", later.text()).orElse(-1);
      if (earlier >= 0 && near++ == 0) {
        example =
            "%s of %s and %s of %s"
                .formatted(
                    known.get(earlier).id(), Transfer.name(from), later.id(), Transfer.name(to));
      }
    }
    if (near > 0) {
      notes.add(
          "%d rows of %s are nearly a text of %s, such as %s: they are scored, and may be known from there."
              .formatted(near, Transfer.name(to), Transfer.name(from), example));
    }
  }
}
