package dev.sonde.probe.linear;

import dev.sonde.api.evaluate.Targets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

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

  /** The cell with the largest mean change, in either sense. */
  Cell largest(Targets targets) {
    Cell best = new Cell(0, true);
    for (int dose = 0; dose < doses.size(); dose++) {
      for (boolean positive : new boolean[] {true, false}) {
        Cell cell = new Cell(dose, positive);
        if (Math.abs(mean(targets, cell)) > Math.abs(mean(targets, best))) {
          best = cell;
        }
      }
    }
    return best;
  }

  /**
   * The statistic of the test and of the choice of a layer: the size of the largest mean change
   * over doses, of each label, averaged over both labels. A direction that answers follow moves
   * both.
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
