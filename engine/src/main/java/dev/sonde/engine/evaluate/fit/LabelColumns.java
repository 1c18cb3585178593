package dev.sonde.engine.evaluate.fit;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import java.util.List;

/**
 * Labelings of the same rows side by side, for products with all of them.
 *
 * @param all the labelings
 * @param values {@code [rows, labelings]} float64
 * @param parted the same, graded labels that have a cut parted there
 */
public record LabelColumns(List<Targets> all, Matrix values, Matrix parted) {
  /** Some labelings, one at least. */
  public static LabelColumns of(List<Targets> all) {
    Matrix values = matrix(all);
    boolean cut = all.stream().anyMatch(targets -> targets.cut().isPresent());
    return new LabelColumns(
        List.copyOf(all),
        values,
        cut ? matrix(all.stream().map(Targets::classes).toList()) : values);
  }

  private static Matrix matrix(List<Targets> all) {
    int rows = all.getFirst().size();
    Matrix matrix = Matrix.zeros(Matrix.Type.FLOAT64, rows, all.size());
    double[] values = new double[all.size()];
    for (int row = 0; row < rows; row++) {
      for (int l = 0; l < values.length; l++) {
        values[l] = all.get(l).value(row);
      }
      matrix.setRow(row, values);
    }
    return matrix;
  }

  /** Which labelings have two values among some rows: the others cannot be fitted there. */
  boolean[] varyAmong(int[] rows) {
    boolean[] vary = new boolean[all.size()];
    for (int l = 0; l < vary.length; l++) {
      Targets targets = all.get(l);
      for (int i = 1; i < rows.length && !vary[l]; i++) {
        vary[l] = targets.value(rows[i]) != targets.value(rows[0]);
      }
    }
    return vary;
  }
}
