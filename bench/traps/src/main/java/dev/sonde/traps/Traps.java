package dev.sonde.traps;

import dev.sonde.traps.Kind.Drawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;

/** Has every kind answered many times and writes how often each answer came; see README.md. */
public final class Traps {
  private static final String HEAD =
      "| question | kind | what is planted | draws | yes | no | cannot be told | not tested | yes, share | %s |%n|---|---|---|---|---|---|---|---|---|---|%n";

  private Traps() {}

  /** Every kind. */
  static List<Kind> kinds() {
    List<Kind> kinds = new ArrayList<>(DecodableKinds.all());
    kinds.addAll(TextKinds.all());
    kinds.addAll(TransferKinds.all());
    kinds.addAll(SteeringKinds.all());
    kinds.addAll(PositionKinds.all());
    kinds.addAll(InfluenceKinds.all());
    kinds.addAll(StepKinds.all());
    return kinds;
  }

  /**
   * Runs it.
   *
   * @param args how many data sets of each kind, the file of the counts, and beginnings of names;
   *     what the file holds already is not drawn again
   */
  public static void main(String[] args) throws IOException {
    int draws = Integer.parseInt(args[0]);
    Path counts = Path.of(args[1]);
    Map<String, Tally> known = read(counts);
    List<String> wanted = List.of(args).subList(2, args.length);
    for (Kind kind : kinds()) {
      boolean asked = wanted.isEmpty() || wanted.stream().anyMatch(kind.name()::startsWith);
      Tally before = known.get(kind.name());
      int done = before == null ? 0 : before.draws();
      if (asked && done < draws) {
        long began = System.nanoTime();
        Tally now = Tally.of(drawn(kind, done, draws));
        Tally all = before == null ? now : before.plus(now);
        known.put(kind.name(), all);
        Files.writeString(
            counts, all.line(kind) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        System.out.printf(
            "%s  %.0f ms each%n", all.row(kind), (System.nanoTime() - began) / 1e6 / now.draws());
      }
    }
    System.out.printf("%n%s", table(known));
  }

  /** The outcomes of some data sets; the n-th is the same whenever it is drawn. */
  static List<Drawn> drawn(Kind kind, int from, int to) {
    return IntStream.range(from, to)
        .parallel()
        .mapToObj(number -> kind.draw().of(random(kind.name(), number)))
        .toList();
  }

  /** Numbers of a purpose. */
  static RandomGenerator random(String purpose, long number) {
    return RandomGeneratorFactory.of("L64X128MixRandom")
        .create(purpose.hashCode() * 1_000_003L + number);
  }

  private static Map<String, Tally> read(Path counts) throws IOException {
    Map<String, Tally> known = new LinkedHashMap<>();
    if (Files.exists(counts)) {
      for (String line : Files.readAllLines(counts)) {
        known.put(line.substring(0, line.indexOf('\t')), Tally.read(line));
      }
    }
    return known;
  }

  /** The table: traps, then effects. */
  static String table(Map<String, Tally> known) {
    StringBuilder text = new StringBuilder();
    for (boolean effects : new boolean[] {false, true}) {
      text.append(HEAD.formatted(effects ? "ideal test" : "at most (95 %)"));
      for (Kind kind : kinds()) {
        Tally tally = known.get(kind.name());
        if (tally != null && kind.isEffect() == effects) {
          text.append(tally.row(kind)).append('\n');
        }
      }
      text.append('\n');
    }
    return text.toString();
  }
}
