package dev.sonde.engine.evaluate;

import dev.sonde.api.data.Example;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Nuisance variables of the rows, and features with their linear effect taken out. The effect is
 * fitted on the training rows of a split and subtracted from all rows.
 */
final class Confounds {
  /** Added to the diagonal of the normal equations, for collinear variables. */
  private static final double RIDGE = 1e-8;

  private final Matrix variables;

  private Confounds(Matrix variables) {
    this.variables = variables;
  }

  /**
   * The variables of some names.
   *
   * @param names {@code length}, {@code digits} (of the text), or columns: numeric ones as they
   *     are, others as one indicator per value
   */
  static Confounds of(List<String> names, List<Example> examples) {
    List<double[]> columns = new ArrayList<>();
    for (String name : names) {
      columns.addAll(columnsOf(name, examples));
    }
    columns.removeIf(column -> Arrays.stream(column).distinct().count() == 1);
    columns.forEach(Confounds::standardise);
    double[] constant = new double[examples.size()];
    Arrays.fill(constant, 1);
    columns.addFirst(constant);
    Matrix variables = Matrix.zeros(Matrix.Type.FLOAT64, examples.size(), columns.size());
    for (int c = 0; c < columns.size(); c++) {
      for (int row = 0; row < examples.size(); row++) {
        variables.set(row, c, columns.get(c)[row]);
      }
    }
    return new Confounds(variables);
  }

  private static List<double[]> columnsOf(String name, List<Example> examples) {
    boolean given = examples.stream().allMatch(e -> e.has(name));
    if (!given && name.equals("length")) {
      return List.of(
          examples.stream().mapToDouble(e -> TextFeatures.logLength(e.text())).toArray());
    }
    if (!given && name.equals("digits")) {
      return List.of(
          examples.stream().mapToDouble(e -> TextFeatures.logDigits(e.text())).toArray());
    }
    return numeric(name, examples)
        .map(List::of)
        .orElseGet(
            () ->
                examples.stream()
                    .map(e -> e.text(name))
                    .distinct()
                    .map(
                        value ->
                            examples.stream()
                                .mapToDouble(e -> e.text(name).equals(value) ? 1 : 0)
                                .toArray())
                    .toList());
  }

  private static Optional<double[]> numeric(String name, List<Example> examples) {
    double[] values = new double[examples.size()];
    for (int row = 0; row < values.length; row++) {
      try {
        values[row] = Double.parseDouble(examples.get(row).text(name));
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }
    return Optional.of(values);
  }

  private static void standardise(double[] column) {
    double mean = Arrays.stream(column).average().orElse(0);
    double variance = Arrays.stream(column).map(v -> (v - mean) * (v - mean)).average().orElse(0);
    Arrays.setAll(column, i -> (column[i] - mean) / Math.sqrt(variance));
  }

  /** Whether nothing but the constant is left. */
  boolean none() {
    return variables.columns() == 1;
  }

  /** The features less what the variables explain: {@code X − Z (Zₜᵀ Zₜ)⁻¹ Zₜᵀ Xₜ}. */
  Matrix residuals(Matrix features, Split split, LinearAlgebra algebra) {
    Matrix z = select(variables, split.train());
    Matrix x = select(features.as(Matrix.Type.FLOAT64), split.train());
    Matrix normal = algebra.crossProducts(z);
    for (int i = 0; i < normal.rows(); i++) {
      normal.set(i, i, normal.get(i, i) + RIDGE * split.train().length);
    }
    Matrix zx = algebra.multiply(z, LinearAlgebra.Form.TRANSPOSED, x, LinearAlgebra.Form.PLAIN);
    Matrix effect = algebra.solvePositiveDefinite(normal, zx);
    Matrix explained = algebra.multiply(variables, effect);
    Matrix residuals = Matrix.zeros(Matrix.Type.FLOAT32, features.rows(), features.columns());
    for (int row = 0; row < features.rows(); row++) {
      for (int c = 0; c < features.columns(); c++) {
        residuals.set(row, c, features.get(row, c) - explained.get(row, c));
      }
    }
    return residuals;
  }

  private static Matrix select(Matrix matrix, int[] rows) {
    Matrix selected = Matrix.zeros(matrix.type(), rows.length, matrix.columns());
    for (int i = 0; i < rows.length; i++) {
      selected.setRow(i, matrix.row(rows[i]));
    }
    return selected;
  }
}
