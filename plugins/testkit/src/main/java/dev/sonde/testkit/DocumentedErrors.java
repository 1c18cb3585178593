package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.testkit.FamilyErrors.Group;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A table of families and errors in a Markdown page, under a heading of its own. It is compared
 * with what is measured, or written anew where the system property {@value #WRITE} is true.
 */
public final class DocumentedErrors {
  private static final String WRITE = "sonde.models.write";

  /** Another machine rounds in other places. */
  private static final double SLACK = 3;

  /** Below this nothing is worth a look. */
  private static final double LEAST = 2e-6;

  private static final String NONE = "–";

  private final Path page;
  private final String heading;

  /** A table that begins under a heading of a page. */
  public DocumentedErrors(Path page, String heading) {
    this.page = page;
    this.heading = heading;
  }

  /** The page names the families that were measured, and none was measured to be further off. */
  void compare(FamilyErrors errors) throws IOException {
    List<String> lines = Files.readAllLines(page);
    int from = lines.indexOf(heading);
    assertThat(from).as("the line '%s' of %s", heading, page).isNotNegative();
    while (from < lines.size() && !lines.get(from).startsWith("|")) {
      from++;
    }
    int to = from;
    while (to < lines.size() && lines.get(to).startsWith("|")) {
      to++;
    }
    if (Boolean.getBoolean(WRITE)) {
      List<String> written = new ArrayList<>(lines.subList(0, from));
      written.addAll(table(errors));
      written.addAll(lines.subList(to, lines.size()));
      Files.write(page, written);
      return;
    }
    Map<String, Map<Group, Double>> documented = parsed(lines.subList(from + 2, to));
    assertThat(documented.keySet())
        .as("families of %s; -D%s=true writes it", page, WRITE)
        .isEqualTo(errors.byFamily().keySet());
    documented.forEach(
        (family, cells) ->
            assertThat(errors.byFamily().get(family))
                .as("errors of %s, documented as %s", family, cells)
                .hasSameSizeAs(cells)
                .allSatisfy(
                    (group, worst) ->
                        assertThat(worst)
                            .as("the worst relative error of %s at %s", family, group)
                            .isLessThan(Math.max(LEAST, SLACK * cells.getOrDefault(group, 0.0)))));
  }

  private static List<String> table(FamilyErrors errors) {
    List<String> table = new ArrayList<>();
    table.add(row("`model_type`", Arrays.stream(Group.values()).map(Group::title).toList()));
    table.add("|---".repeat(1 + Group.values().length) + "|");
    errors
        .byFamily()
        .forEach(
            (family, worst) ->
                table.add(
                    row(
                        "`" + family + "`",
                        Arrays.stream(Group.values())
                            .map(
                                group ->
                                    worst.containsKey(group)
                                        ? String.format(Locale.ROOT, "%.0e", worst.get(group))
                                        : NONE)
                            .toList())));
    return table;
  }

  private static String row(String first, List<String> cells) {
    return "| " + first + " | " + cells.stream().collect(Collectors.joining(" | ")) + " |";
  }

  private static Map<String, Map<Group, Double>> parsed(List<String> rows) {
    Map<String, Map<Group, Double>> parsed = new TreeMap<>();
    for (String row : rows) {
      List<String> cells = List.of(row.split("\\|", -1));
      Map<Group, Double> errors = new EnumMap<>(Group.class);
      int at = 2; // behind the family's
      for (Group group : Group.values()) {
        String cell = cells.get(at++).strip();
        if (!cell.equals(NONE)) {
          errors.put(group, Double.parseDouble(cell));
        }
      }
      parsed.put(cells.get(1).strip().replace("`", ""), errors);
    }
    return parsed;
  }
}
