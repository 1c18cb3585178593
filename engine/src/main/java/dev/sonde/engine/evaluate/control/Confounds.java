package dev.sonde.engine.evaluate.control;

import dev.sonde.api.data.Example;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.engine.evaluate.fit.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Nuisance variables of the rows, and features with their effect taken out. The effect is fitted on
 * the training rows of a split and subtracted from all rows.
 */
public final class Confounds {
  /** Added to the diagonal of the normal equations, for collinear variables. */
  private static final double RIDGE = 1e-8;

  /** The same share of a variable's variance where many variables should tell few labels. */
  private static final double SHRUNK = 0.01;

  /** Steps that a numeric confound is cut into, at its quantiles. */
  private static final int STEPS = 10;

  private final Matrix variables;

  /** What effects of a numeric confound are taken out. */
  public enum Effect {
    /** The straight line. */
    LINEAR,
    /** The line and a level per step of ten, so that thresholds go as well. */
    STEPS
  }

  private Confounds(Matrix variables) {
    this.variables = variables;
  }

  /**
   * The variables of some names.
   *
   * @param names {@code length}, {@code digits} (of the text), or columns: numeric ones as they
   *     are, others as one indicator per value
   */
  static Confounds of(List<String> names, List<Example> examples, Effect effect) {
    List<double[]> columns = new ArrayList<>();
    for (String name : names) {
      Optional<double[]> number = number(name, examples);
      if (number.isPresent()) {
        columns.add(number.get());
        if (effect == Effect.STEPS) {
          columns.addAll(steps(number.get()));
        }
      } else {
        columns.addAll(indicators(name, examples));
      }
    }
    return of(columns, examples.size());
  }

  private static Confounds of(List<double[]> columns, int rows) {
    columns.removeIf(column -> Arrays.stream(column).distinct().count() == 1);
    columns.forEach(Confounds::standardise);
    double[] constant = new double[rows];
    Arrays.fill(constant, 1);
    columns.addFirst(constant);
    Matrix variables = Matrix.zeros(Matrix.Type.FLOAT64, rows, columns.size());
    for (int c = 0; c < columns.size(); c++) {
      for (int row = 0; row < rows; row++) {
        variables.set(row, c, columns.get(c)[row]);
      }
    }
    return new Confounds(variables);
  }

  /**
   * One variable of the texts themselves.
   *
   * @param name {@code length} or {@code digits}
   */
  static Confounds ofTexts(String name, List<Example> examples) {
    double[] values =
        examples.stream()
            .mapToDouble(
                e ->
                    name.equals("length")
                        ? TextFeatures.logLength(e.text())
                        : TextFeatures.logDigits(e.text()))
            .toArray();
    List<double[]> columns = new ArrayList<>(List.of(values));
    columns.addAll(steps(values));
    return of(columns, examples.size());
  }

  private static Optional<double[]> number(String name, List<Example> examples) {
    boolean given = examples.stream().allMatch(e -> e.has(name));
    if (!given && name.equals("length")) {
      return Optional.of(
          examples.stream().mapToDouble(e -> TextFeatures.logLength(e.text())).toArray());
    }
    if (!given && name.equals("digits")) {
      return Optional.of(
          examples.stream().mapToDouble(e -> TextFeatures.logDigits(e.text())).toArray());
    }
    return numeric(name, examples);
  }

  /** One indicator per value of a column of texts. */
  private static List<double[]> indicators(String name, List<Example> examples) {
    return examples.stream()
        .map(e -> e.text(name))
        .distinct()
        .map(value -> examples.stream().mapToDouble(e -> e.text(name).equals(value) ? 1 : 0))
        .map(DoubleStream::toArray)
        .toList();
  }

  /** One indicator per step between quantiles; of few values, one per value. */
  private static List<double[]> steps(double[] values) {
    double[] sorted = Arrays.stream(values).sorted().toArray();
    double[] distinct = Arrays.stream(sorted).distinct().toArray();
    double[] edges =
        distinct.length <= STEPS
            ? distinct
            : IntStream.range(0, STEPS)
                .mapToDouble(i -> sorted[i * sorted.length / STEPS])
                .distinct()
                .toArray();
    return IntStream.range(0, edges.length)
        .mapToObj(
            step -> {
              double above = step + 1 < edges.length ? edges[step + 1] : Double.POSITIVE_INFINITY;
              return Arrays.stream(values).map(v -> v >= edges[step] && v < above ? 1 : 0);
            })
        .map(DoubleStream::toArray)
        .toList();
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

  /** The variables as features. */
  RivalFeatures features(LinearAlgebra algebra) {
    return RivalFeatures.of(variables, algebra);
  }

  /** The features less what the variables explain: {@code X − Z (Zₜᵀ Zₜ)⁻¹ Zₜᵀ Xₜ}. */
  Matrix residuals(Matrix features, Split split, LinearAlgebra algebra) {
    Matrix z = variables.select(split.train());
    Matrix x = features.select(split.train()).as(Matrix.Type.FLOAT64);
    Matrix effect =
        algebra.solvePositiveDefinite(normal(z, RIDGE, algebra), algebra.transposeTimes(z, x));
    Matrix explained = algebra.multiply(variables, effect);
    Matrix residuals = Matrix.zeros(Matrix.Type.FLOAT32, features.rows(), features.columns());
    for (int row = 0; row < features.rows(); row++) {
      double[] values = features.row(row);
      double[] less = explained.row(row);
      Arrays.setAll(values, c -> values[c] - less[c]);
      residuals.setRow(row, values);
    }
    return residuals;
  }

  /**
   * One number a row that stands for all variables: the one variable itself, and of several what
   * they tell of the labels together, by least squares.
   */
  double[] nuisance(Targets targets, LinearAlgebra algebra) {
    if (variables.columns() == 2) {
      return variables.column(1);
    }
    Matrix labels = Matrix.zeros(Matrix.Type.FLOAT64, variables.rows(), 1);
    for (int row = 0; row < variables.rows(); row++) {
      labels.set(row, 0, targets.value(row));
    }
    Matrix normal = normal(variables, SHRUNK, algebra);
    Matrix effect =
        algebra.solvePositiveDefinite(normal, algebra.transposeTimes(variables, labels));
    return algebra.multiply(variables, effect).column(0);
  }

  private static Matrix normal(Matrix z, double ridge, LinearAlgebra algebra) {
    Matrix normal = algebra.crossProducts(z);
    for (int i = 0; i < normal.rows(); i++) {
      normal.set(i, i, normal.get(i, i) + ridge * z.rows());
    }
    return normal;
  }
}
