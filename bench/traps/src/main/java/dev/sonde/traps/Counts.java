package dev.sonde.traps;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The stored table: how often each answer came to each kind, in the order of kinds. */
final class Counts {
  private static final String HEAD = "kind\tyes\tno\tcannot be told\tnot tested\tideal test";

  /** As much as the upper limit of a share of wrong answers is to be. */
  private static final double SURE = 0.065;

  private final List<Kind> kinds;
  private final Map<String, Tally> known = new LinkedHashMap<>();

  private Counts(List<Kind> kinds) {
    this.kinds = kinds;
  }

  /** What a file holds of some kinds; nothing where there is none. */
  static Counts read(Path file, List<Kind> kinds) throws IOException {
    Counts counts = new Counts(kinds);
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        if (!line.equals(HEAD)) {
          counts.known.put(line.substring(0, line.indexOf('\t')), Tally.read(line));
        }
      }
    }
    return counts;
  }

  /** How many data sets of a kind are counted, which are its first ones. */
  int draws(Kind kind) {
    Tally tally = known.get(kind.name());
    return tally == null ? 0 : tally.draws();
  }

  /** Counts further ones. */
  Tally add(Kind kind, Tally more) {
    return known.merge(kind.name(), more, Tally::plus);
  }

  /** Writes the file as a whole: who reads it sees the counts before or after. */
  void write(Path file) throws IOException {
    String lines =
        kinds.stream()
            .filter(kind -> known.containsKey(kind.name()))
            .map(kind -> tally(kind).line(kind) + "\n")
            .collect(Collectors.joining());
    Path next = file.resolveSibling(file.getFileName() + ".next");
    Files.writeString(next, HEAD + "\n" + lines);
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private Tally tally(Kind kind) {
    return known.getOrDefault(kind.name(), Tally.of(List.of()));
  }

  /** The rows of the kinds that were counted: of traps, or of effects. */
  String table(boolean effects) {
    String head =
        "| question | kind | what is planted | draws | yes | no | cannot be told | not tested | yes, share | %s |\n|---|---|---|---|---|---|---|---|---|---|\n"
            .formatted(effects ? "ideal test" : "at most (95 %)");
    return kinds.stream()
        .filter(kind -> kind.isEffect() == effects && draws(kind) > 0)
        .map(kind -> tally(kind).row(kind) + "\n")
        .collect(Collectors.joining("", head, ""));
  }

  /** What the rows come to, in sentences. */
  String summary() {
    List<Kind> traps = kinds.stream().filter(kind -> !kind.isEffect() && draws(kind) > 0).toList();
    List<Kind> effects = kinds.stream().filter(kind -> kind.isEffect() && draws(kind) > 0).toList();
    List<Kind> unsure = traps.stream().filter(kind -> tally(kind).mostYes() > SURE).toList();
    return "%d traps, %s: %s. For %d of them the upper limit of the share of yes is at most %s%s. %d effects, %s.\n"
        .formatted(
            traps.size(),
            drawn(traps),
            worst(traps),
            traps.size() - unsure.size(),
            SURE,
            unsure.isEmpty() ? "" : named("; it is not for ", unsure),
            effects.size(),
            drawn(effects));
  }

  private String named(String before, List<Kind> some) {
    return some.stream()
        .map(kind -> "`%s` (%d of %d)".formatted(kind.name(), tally(kind).yeses(), draws(kind)))
        .collect(Collectors.joining(", ", before, ""));
  }

  private String drawn(List<Kind> some) {
    long all = some.stream().mapToLong(this::draws).sum();
    int fewest = some.stream().mapToInt(this::draws).min().orElse(0);
    long thousand = some.stream().filter(kind -> draws(kind) >= 1000).count();
    return "%d data sets in all, %d at least of each kind, a thousand of %d"
        .formatted(all, fewest, thousand);
  }

  private String worst(List<Kind> traps) {
    List<Kind> above = traps.stream().filter(kind -> tally(kind).yes() > 0.05).toList();
    return above.isEmpty()
        ? "none was answered with yes in more than 5 of 100"
        : named("answered with yes in more than 5 of 100: ", above);
  }
}
