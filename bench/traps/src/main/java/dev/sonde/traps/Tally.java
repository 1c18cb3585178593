package dev.sonde.traps;

import dev.sonde.api.report.Claim.Answer;
import dev.sonde.traps.Kind.Drawn;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.commons.statistics.distribution.BetaDistribution;

/**
 * The answers to many data sets of one kind.
 *
 * @param answers how often each came
 * @param ideal how often the test that knows what was planted has a p that a yes asks for; −1 where
 *     there is none
 */
record Tally(Map<Answer, Integer> answers, int ideal) {
  /** The largest p of a yes. */
  private static final double ALPHA = 0.01;

  /** Each tail of a 95 % interval. */
  private static final double TAIL = 0.025;

  static Tally of(List<Drawn> drawn) {
    Map<Answer, Integer> answers = new EnumMap<>(Answer.class);
    int ideal = 0;
    boolean known = false;
    for (Drawn one : drawn) {
      answers.merge(one.answer(), 1, Integer::sum);
      known |= one.ideal().isPresent();
      ideal += one.ideal().orElse(1) <= ALPHA ? 1 : 0;
    }
    return new Tally(answers, known ? ideal : -1);
  }

  /** These and others of the same kind. */
  Tally plus(Tally others) {
    Map<Answer, Integer> sums = new EnumMap<>(answers);
    others.answers.forEach((answer, count) -> sums.merge(answer, count, Integer::sum));
    return new Tally(sums, ideal < 0 ? ideal : ideal + others.ideal);
  }

  /** How many data sets there were. */
  int draws() {
    return answers.values().stream().mapToInt(Integer::intValue).sum();
  }

  int of(Answer answer) {
    return answers.getOrDefault(answer, 0);
  }

  /** How many were answered with yes. */
  int yeses() {
    return of(Answer.YES);
  }

  /** The same as a share. */
  double yes() {
    return of(Answer.YES) / (double) draws();
  }

  /** The upper limit of the share of yes: Clopper and Pearson's 95 % interval. */
  double mostYes() {
    int yes = of(Answer.YES);
    return yes == draws()
        ? 1
        : BetaDistribution.of(yes + 1.0, draws() - yes).inverseSurvivalProbability(TAIL);
  }

  /** Answers that no careful reader would give, as a share. */
  double wrong(Kind kind) {
    return answers.entrySet().stream()
            .filter(each -> !kind.right().contains(each.getKey()))
            .mapToInt(Map.Entry::getValue)
            .sum()
        / (double) draws();
  }

  /** A row of the table. */
  String row(Kind kind) {
    String given =
        List.of(Answer.YES, Answer.NO, Answer.CANNOT_BE_TOLD, Answer.NOT_TESTED).stream()
            .map(answer -> String.valueOf(of(answer)))
            .collect(Collectors.joining(" | "));
    String more =
        kind.isEffect() ? ideal < 0 ? "–" : share(ideal / (double) draws()) : share(mostYes());
    return "| `%s` | `%s` | %s | %d | %s | %s | %s |"
        .formatted(kind.claim(), kind.name(), kind.planted(), draws(), given, share(yes()), more);
  }

  private static String share(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  /** The counts in one line of a file. */
  String line(Kind kind) {
    return "%s\t%d\t%d\t%d\t%d\t%d"
        .formatted(
            kind.name(),
            of(Answer.YES),
            of(Answer.NO),
            of(Answer.CANNOT_BE_TOLD),
            of(Answer.NOT_TESTED),
            ideal);
  }

  /** Reads such a line; the kind is its first word. */
  static Tally read(String line) {
    List<String> cells = Pattern.compile("\t").splitAsStream(line).toList();
    Map<Answer, Integer> answers = new EnumMap<>(Answer.class);
    int next = 1;
    for (Answer answer : Answer.values()) {
      answers.put(answer, Integer.parseInt(cells.get(next++)));
    }
    return new Tally(answers, Integer.parseInt(cells.get(next)));
  }
}
