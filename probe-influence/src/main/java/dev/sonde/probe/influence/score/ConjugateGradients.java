package dev.sonde.probe.influence.score;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.probe.influence.read.FloatMatrices;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Solves {@code A x = b} for several right sides at once by preconditioned conjugate gradients
 * (Hestenes and Stiefel 1952), each with step sizes of its own. A vector is the rows of several
 * matrices together, one a linear.
 *
 * @param iterations products with A at most
 * @param tolerance of the length of the residual, over that of the right side; below it a side is
 *     left as it is
 */
record ConjugateGradients(int iterations, double tolerance) {

  /**
   * How far it came.
   *
   * @param iterations products with A but the first
   * @param residuals per right side the length of the residual over its own
   */
  record Reached(int iterations, double[] residuals) {}

  /**
   * Solves from a start, in place.
   *
   * @param solutions {@code x}, where it starts; per linear {@code [sides, weights]}, changed
   * @param sides {@code b}
   * @param product {@code A}
   * @param inverse the preconditioner, near {@code A⁻¹}
   */
  Reached solve(
      List<Matrix> solutions,
      List<Matrix> sides,
      UnaryOperator<List<Matrix>> product,
      UnaryOperator<List<Matrix>> inverse) {
    double[] lengths = roots(dots(sides, sides));
    List<Matrix> residuals = sides.stream().map(FloatMatrices::copy).toList();
    add(residuals, filled(lengths.length, -1), product.apply(solutions));
    List<Matrix> conditioned = inverse.apply(residuals);
    List<Matrix> directions = conditioned.stream().map(FloatMatrices::copy).toList();
    double[] products = dots(residuals, conditioned);
    int done = 0;
    while (done < iterations && largest(relative(residuals, lengths)) > tolerance) {
      boolean[] open = open(relative(residuals, lengths));
      List<Matrix> moved = product.apply(directions);
      double[] steps = quotients(products, dots(directions, moved), open);
      add(solutions, steps, directions);
      add(residuals, Arrays.stream(steps).map(step -> -step).toArray(), moved);
      conditioned = inverse.apply(residuals);
      double[] next = dots(residuals, conditioned);
      double[] turns = quotients(next, products, open);
      scale(directions, turns);
      add(directions, filled(lengths.length, 1), conditioned);
      products = next;
      done++;
    }
    return new Reached(done, relative(residuals, lengths));
  }

  private boolean[] open(double[] relative) {
    boolean[] open = new boolean[relative.length];
    for (int side = 0; side < open.length; side++) {
      open[side] = relative[side] > tolerance;
    }
    return open;
  }

  private static double[] filled(int count, double value) {
    double[] values = new double[count];
    Arrays.fill(values, value);
    return values;
  }

  private static double largest(double[] values) {
    return Arrays.stream(values).max().orElse(0);
  }

  private static double[] relative(List<Matrix> residuals, double[] lengths) {
    double[] relative = roots(dots(residuals, residuals));
    Arrays.setAll(relative, side -> lengths[side] == 0 ? 0 : relative[side] / lengths[side]);
    return relative;
  }

  private static double[] roots(double[] squares) {
    return Arrays.stream(squares).map(Math::sqrt).toArray();
  }

  /** Per side the product of two vectors. */
  private static double[] dots(List<Matrix> one, List<Matrix> other) {
    double[] dots = new double[one.getFirst().rows()];
    for (int linear = 0; linear < one.size(); linear++) {
      for (int side = 0; side < dots.length; side++) {
        dots[side] +=
            FloatMatrices.dot(
                one.get(linear).rows(side, side + 1), other.get(linear).rows(side, side + 1));
      }
    }
    return dots;
  }

  /** 0 for sides that are done or where nothing is to be divided by. */
  private static double[] quotients(double[] above, double[] below, boolean[] open) {
    double[] quotients = new double[above.length];
    for (int side = 0; side < above.length; side++) {
      quotients[side] = open[side] && below[side] > 0 ? above[side] / below[side] : 0;
    }
    return quotients;
  }

  private static void add(List<Matrix> to, double[] factors, List<Matrix> more) {
    for (int linear = 0; linear < to.size(); linear++) {
      for (int side = 0; side < factors.length; side++) {
        FloatMatrices.addScaled(
            to.get(linear).rows(side, side + 1),
            factors[side],
            more.get(linear).rows(side, side + 1));
      }
    }
  }

  private static void scale(List<Matrix> vectors, double[] factors) {
    for (Matrix own : vectors) {
      for (int side = 0; side < factors.length; side++) {
        FloatMatrices.scale(own.rows(side, side + 1), factors[side]);
      }
    }
  }
}
