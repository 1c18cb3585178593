package dev.sonde.probe.linear;

import dev.sonde.api.data.Example;
import dev.sonde.api.data.Study;
import dev.sonde.api.evaluate.Evaluation;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.report.Table;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Analysis F: the held-out rows that lie furthest on the wrong side, to be read. How far is counted
 * in rows of the other class of the same fold that lie beyond, so that it means the same for every
 * decoder.
 */
final class WrongSide {
  private static final int MOST_ROWS = 10;
  private static final int MOST_CHARACTERS = 120;

  private WrongSide() {}

  /** A row with the share of the other class that it should but does not lie beyond. */
  private record Wrong(int row, double share, double score) {}

  /** The table; empty where no row lies beyond half of the other class. */
  static Optional<Table> table(Study study, Targets targets, Evaluation evaluation) {
    double[] scores = evaluation.heldOutScores(evaluation.best());
    int[] folds = evaluation.folds();
    List<List<Object>> rows =
        IntStream.range(0, scores.length)
            .filter(row -> folds[row] >= 0)
            .mapToObj(row -> new Wrong(row, share(row, scores, folds, targets), scores[row]))
            .filter(wrong -> wrong.share() > 0.5)
            .sorted(Comparator.comparingDouble(Wrong::share).reversed())
            .limit(MOST_ROWS)
            .map(wrong -> cells(wrong, study, targets))
            .toList();
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Table.of(
            "wrong_side",
            "Held-out rows furthest on the wrong side (%s at %s)"
                .formatted(evaluation.best().decoder(), evaluation.best().point()),
            List.of("id", "label", "group", "beyond", "score", "text"),
            rows));
  }

  private static double share(int row, double[] scores, int[] folds, Targets targets) {
    double beyond = 0;
    int others = 0;
    boolean positive = targets.positive(row);
    for (int other = 0; other < scores.length; other++) {
      if (folds[other] == folds[row] && targets.positive(other) != positive) {
        others++;
        double apart = positive ? scores[other] - scores[row] : scores[row] - scores[other];
        beyond += apart > 0 ? 1 : apart == 0 ? 0.5 : 0;
      }
    }
    return others == 0 ? 0 : beyond / others;
  }

  private static List<Object> cells(Wrong wrong, Study study, Targets targets) {
    Example example = study.examples().get(wrong.row());
    String text = example.text();
    return List.of(
        example.id(),
        targets.positive(wrong.row()) ? targets.positiveName() : targets.negativeName(),
        study.groups().get(wrong.row()),
        wrong.share(),
        wrong.score(),
        text.codePointCount(0, text.length()) <= MOST_CHARACTERS
            ? text
            : text.substring(0, text.offsetByCodePoints(0, MOST_CHARACTERS)) + "…");
  }
}
