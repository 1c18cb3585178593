package dev.sonde.probe.linear;

import dev.sonde.api.evaluate.Targets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What steering along one vector did to some rows.
 *
 * @param rows rows of the study
 * @param change per dose and row of the study, by how much the log-probability of the row's own
 *     answer changed, in nats; NaN for other rows
 * @param flipped per dose and row of the study, 1 where another answer became the most probable of
 *     those offered, else 0; NaN for other rows
 */
record Effects(List<Dose> doses, int[] rows, double[][] change, double[][] flipped) {

  /** A dose and the label of the rows it is measured on. */
  record Cell(int dose, boolean positive) {}

  /** Those of the rows that have one label. */
  int[] rows(Targets targets, boolean positive) {
    return IntStream.of(rows).filter(row -> targets.positive(row) == positive).toArray();
  }

  /** The mean change in a cell. */
  double mean(Targets targets, Cell cell) {
    return mean(change[cell.dose()], rows(targets, cell.positive()));
  }

  /**
   * What is expected of a change in a cell: 1 where the answers of its rows should gain, −1 where
   * they should lose. Adding the direction moves states towards the positive label, whose answers
   * gain and the others' lose; taking it away does the opposite.
   */
  double expected(Cell cell) {
    return Math.signum(doses.get(cell.dose()).alpha()) * (cell.positive() ? 1 : -1);
  }

  /** Per row of the study, by how much its answer moved as expected, in nats. */
  double[] asExpected(Cell cell) {
    double sign = expected(cell);
    return Arrays.stream(change[cell.dose()]).map(nats -> sign * nats).toArray();
  }

  /** The mean change in a cell, positive where it is as expected. */
  double meanAsExpected(Targets targets, Cell cell) {
    return expected(cell) * mean(targets, cell);
  }

  /**
   * The cell with the largest mean change in the expected direction.
   *
   * @param allowed per dose, whether it may be chosen; where none may, all may
   */
  Cell strongest(Targets targets, boolean[] allowed) {
    boolean any = IntStream.range(0, allowed.length).anyMatch(dose -> allowed[dose]);
    return IntStream.range(0, doses.size())
        .filter(dose -> allowed[dose] || !any)
        .boxed()
        .flatMap(dose -> Stream.of(new Cell(dose, true), new Cell(dose, false)))
        .reduce((a, b) -> meanAsExpected(targets, b) > meanAsExpected(targets, a) ? b : a)
        .orElseThrow();
  }

  /**
   * The statistic of the choice of a layer: the size of the largest mean change over doses, of each
   * label, averaged over both labels. A direction that answers follow moves both.
   */
  double statistic(Targets targets) {
    double sum = 0;
    for (boolean positive : new boolean[] {true, false}) {
      double largest = 0;
      for (int dose = 0; dose < doses.size(); dose++) {
        largest = Math.max(largest, Math.abs(mean(targets, new Cell(dose, positive))));
      }
      sum += largest / 2;
    }
    return sum;
  }

  static double mean(double[] values, int[] rows) {
    return Arrays.stream(rows).mapToDouble(row -> values[row]).average().orElse(Double.NaN);
  }
}
