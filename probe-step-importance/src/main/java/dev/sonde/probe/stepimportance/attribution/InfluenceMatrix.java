package dev.sonde.probe.stepimportance.attribution;

import dev.sonde.probe.stepimportance.chain.Mask;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How strongly each step bears on each later one: row target, column source, nothing on and above
 * the diagonal.
 *
 * @param cells {@code [n, n]}, not negative
 * @param steps per row, the step's index in its chain; −1 for the answer behind the last one
 */
public record InfluenceMatrix(double[][] cells, int[] steps) {
  /** Copies the cells and clears what lies on and above the diagonal. */
  public InfluenceMatrix {
    double[][] lower = new double[cells.length][];
    for (int target = 0; target < cells.length; target++) {
      lower[target] = cells[target].clone();
      Arrays.fill(lower[target], target, cells.length, 0);
    }
    cells = lower;
    steps = steps.clone();
  }

  /** Number of rows. */
  public int size() {
    return cells.length;
  }

  /** Whether all cells are finite. */
  public boolean isFinite() {
    return Arrays.stream(cells).flatMapToDouble(Arrays::stream).allMatch(Double::isFinite);
  }

  /** The sum of a target's row. */
  public double total(int target) {
    return Arrays.stream(cells[target]).sum();
  }

  /** A source's mean influence on the later steps that it has any on; 0 if it has none. */
  public double meanOnLater(int source) {
    return Arrays.stream(cells)
        .mapToDouble(row -> row[source])
        .filter(influence -> influence > 0)
        .average()
        .orElse(0);
  }

  /**
   * The sources of a target that count: the fewest, strongest first, whose shares add up to theta,
   * and those as strong as the last of them. None of them has no influence.
   *
   * @param theta from 0 to 1
   */
  int[] strongest(int target, double theta) {
    double[] row = cells[target];
    double[] descending = Arrays.stream(row).filter(v -> v > 0).map(v -> -v).sorted().toArray();
    double total = -Arrays.stream(descending).sum();
    double sum = 0;
    int last = 0;
    while (last < descending.length) {
      sum -= descending[last];
      if (sum >= theta * total) {
        break;
      }
      last++;
    }
    // Rounding may leave the sum just below a theta of 1: the weakest source is then the last.
    double weakest =
        descending.length == 0 ? 0 : -descending[Math.min(last, descending.length - 1)];
    double least = weakest;
    return IntStream.range(0, target)
        .filter(source -> row[source] > 0 && row[source] >= least)
        .toArray();
  }

  /**
   * The steps that carry a share theta of the influence on the root, the last row, or on a step
   * that does.
   */
  public Mask reached(double theta) {
    int root = size() - 1;
    Mask rows = Mask.of(root);
    for (int target = root; target > 0; target--) {
      if (rows.has(target)) {
        for (int source : strongest(target, theta)) {
          rows = rows.with(source);
        }
      }
    }
    return stepsOf(rows);
  }

  /** The steps of all rows. */
  public Mask allSteps() {
    return stepsOf(Mask.first(size()));
  }

  private Mask stepsOf(Mask rows) {
    return Mask.of(
        IntStream.of(rows.steps()).map(row -> steps[row]).filter(step -> step >= 0).toArray());
  }
}
