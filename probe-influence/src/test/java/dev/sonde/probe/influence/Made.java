package dev.sonde.probe.influence;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.testkit.PlainDesign;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** Made-up rows of one linear. */
final class Made {
  static final LinearAlgebra ALGEBRA = new PlainDesign(1, 1).linearAlgebra();

  private Made() {}

  static Matrix gaussian(Random random, int rows, int columns) {
    Matrix matrix = Cells.zeros(rows, columns);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        matrix.set(r, c, random.nextGaussian());
      }
    }
    return matrix;
  }

  /** Items of so many tokens each, whose inputs and gradients go together. */
  static TokenRows rows(Random random, int items, int tokens, int in, int out) {
    Matrix mixing = gaussian(random, in, in);
    Matrix inputs = ALGEBRA.multiply(gaussian(random, items * tokens, in), mixing);
    Matrix gradients = gaussian(random, items * tokens, out);
    for (int row = 0; row < gradients.rows(); row++) {
      for (int c = 0; c < out; c++) {
        gradients.set(row, c, gradients.get(row, c) * (c + 1) * (1 + Math.abs(inputs.get(row, 0))));
      }
    }
    return of(inputs, gradients, tokens);
  }

  static TokenRows of(Matrix inputs, Matrix gradients, int tokens) {
    int items = inputs.rows() / tokens;
    return new TokenRows(
        0,
        inputs,
        gradients,
        IntStream.range(0, items).toArray(),
        IntStream.rangeClosed(0, items).map(i -> i * tokens).toArray());
  }

  /** Everything that can be fitted on some rows. */
  static Factors fitted(TokenRows rows) {
    Linear linear = new Linear("made.0.up", rows.inputs().columns(), rows.gradients().columns());
    Covariances sums = Covariances.none(linear);
    sums.add(rows, ALGEBRA);
    Eigenbasis basis = Eigenbasis.of(sums, rows.inputs().rows(), ALGEBRA);
    Matrix corrected = Cells.zeros(linear.out(), linear.in());
    Matrix squares = Cells.zeros(linear.out(), linear.in());
    TokenRows rotated = basis.rotated(rows, ALGEBRA);
    for (int item = 0; item < rows.count(); item++) {
      Cells.addSquares(corrected, rotated.gradient(item, ALGEBRA));
      Cells.addSquares(squares, rows.gradient(item, ALGEBRA));
    }
    return new Factors(
        linear,
        Optional.of(sums),
        Optional.of(basis),
        Optional.of(corrected),
        Optional.of(squares),
        rows.count());
  }

  /** {@code (G + λ)⁻¹ V} of a gradient in the weights' own basis. */
  static Matrix precondition(Curvature curvature, Matrix gradient, double damping) {
    Matrix turned = curvature.basis().map(q -> rotated(q, gradient)).orElse(gradient);
    return curvature.precondition(turned, damping, ALGEBRA);
  }

  /** {@code Q_Sᵀ V Q_A}. */
  static Matrix rotated(Eigenbasis basis, Matrix gradient) {
    Matrix half =
        ALGEBRA.multiply(
            basis.outputs(), LinearAlgebra.Form.TRANSPOSED, gradient, LinearAlgebra.Form.PLAIN);
    return ALGEBRA.multiply(half, basis.inputs());
  }

  /** The cells of a matrix, row by row. */
  static double[] cells(Matrix matrix) {
    return IntStream.range(0, matrix.rows())
        .boxed()
        .flatMapToDouble(row -> Arrays.stream(matrix.row(row)))
        .toArray();
  }
}
