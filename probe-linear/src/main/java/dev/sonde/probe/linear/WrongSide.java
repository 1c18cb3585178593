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
    Sorted sorted = Sorted.of(scores, folds, targets);
    List<List<Object>> rows =
        IntStream.range(0, scores.length)
            .filter(row -> folds[row] >= 0)
            .mapToObj(
                row ->
                    new Wrong(
                        row,
                        sorted.share(folds[row], scores[row], targets.positive(row)),
                        scores[row]))
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

  /** Per fold, the ascending scores of the rows of each class. */
  private record Sorted(double[][] positive, double[][] negative) {
    static Sorted of(double[] scores, int[] folds, Targets targets) {
      int count = IntStream.of(folds).max().orElse(-1) + 1;
      return new Sorted(
          ofClass(scores, folds, targets, true, count),
          ofClass(scores, folds, targets, false, count));
    }

    private static double[][] ofClass(
        double[] scores, int[] folds, Targets targets, boolean positive, int count) {
      return IntStream.range(0, count)
          .mapToObj(
              fold ->
                  IntStream.range(0, scores.length)
                      .filter(row -> folds[row] == fold && targets.positive(row) == positive)
                      .mapToDouble(row -> scores[row])
                      .sorted()
                      .toArray())
          .toArray(double[][]::new);
    }

    /** The share of the other class's rows of the fold on whose wrong side a row lies. */
    double share(int fold, double score, boolean ofPositive) {
      double[] others = (ofPositive ? negative : positive)[fold];
      int below = below(others, score);
      int equal = below(others, Math.nextUp(score)) - below;
      int beyond = ofPositive ? others.length - below - equal : below;
      return others.length == 0 ? 0 : (beyond + equal / 2.0) / others.length;
    }

    private static int below(double[] ascending, double score) {
      int low = 0;
      int high = ascending.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (ascending[middle] < score) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }
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
