package dev.sonde.traps;

import dev.sonde.traps.Kind.Drawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Has every kind answered many times and counts the answers; see bench/README.md. */
public final class Traps {
  /** So many data sets are made between two looks at the clock, and at the file. */
  private static final int SLICE = 20;

  /** Every kind is brought so far before any is brought farther. */
  private static final List<Integer> LEVELS = List.of(20, 50, 100, 200, 300, 500, 700, 1000);

  private static final String BEGIN = "<!-- counts: begin -->\n";
  private static final String END = "<!-- counts: end -->\n";

  private Traps() {}

  /** Every kind. */
  static List<Kind> kinds() {
    List<Kind> kinds = new ArrayList<>(DecodableKinds.all());
    kinds.addAll(TextKinds.all());
    kinds.addAll(ConfoundKinds.all());
    kinds.addAll(TransferKinds.all());
    kinds.addAll(SteeringKinds.all());
    kinds.addAll(ComparedKinds.all());
    kinds.addAll(ComparedSteeringKinds.all());
    kinds.addAll(PositionKinds.all());
    kinds.addAll(InfluenceKinds.all());
    kinds.addAll(StepKinds.all());
    return kinds;
  }

  /**
   * Runs it.
   *
   * @param args the stored table, the document that shows it, how many data sets of each kind there
   *     are to be, after how many minutes to end, and beginnings of names of kinds; data sets that
   *     are counted already are not made again
   */
  public static void main(String[] args) throws IOException {
    Path stored = Path.of(args[0]);
    Path document = Path.of(args[1]);
    int draws = Integer.parseInt(args[2]);
    Instant end = Instant.now().plus(Duration.ofSeconds((long) (60 * Double.parseDouble(args[3]))));
    List<String> wanted = List.of(args).subList(4, args.length);
    List<Kind> asked =
        kinds().stream()
            .filter(kind -> wanted.isEmpty() || wanted.stream().anyMatch(kind.name()::startsWith))
            .toList();
    Counts counts = Counts.read(stored, kinds());
    for (int level : levels(draws)) {
      for (Kind kind : asked) {
        while (counts.draws(kind) < level && Instant.now().isBefore(end)) {
          int from = counts.draws(kind);
          Tally all = counts.add(kind, Tally.of(drawn(kind, from, Math.min(level, from + SLICE))));
          counts.write(stored);
          System.out.println(all.row(kind));
        }
      }
    }
    Files.writeString(document, shown(Files.readString(document), counts));
    System.out.print(counts.summary());
  }

  private static List<Integer> levels(int draws) {
    return Stream.concat(LEVELS.stream().filter(level -> level < draws), Stream.of(draws)).toList();
  }

  /** A document with the stored table between its marks. */
  static String shown(String document, Counts counts) {
    int begin = document.indexOf(BEGIN) + BEGIN.length();
    int end = document.indexOf(END);
    return "%s\n%s\n%s\n%s\n%s"
        .formatted(
            document.substring(0, begin),
            counts.summary(),
            counts.table(false),
            counts.table(true),
            document.substring(end));
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
}
