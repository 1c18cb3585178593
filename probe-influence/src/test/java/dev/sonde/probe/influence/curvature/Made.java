package dev.sonde.probe.influence.curvature;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.probe.influence.read.FloatMatrices;
import dev.sonde.probe.influence.read.GradientRows;
import dev.sonde.probe.influence.read.LinearModule;
import dev.sonde.testkit.PlainDesign;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** Made-up rows of one linear. */
public final class Made {
  public static final LinearAlgebra ALGEBRA = new PlainDesign(1, 1).linearAlgebra();

  private Made() {}

  public static Matrix gaussian(Random random, int rows, int columns) {
    Matrix matrix = FloatMatrices.zeros(rows, columns);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        matrix.set(r, c, random.nextGaussian());
      }
    }
    return matrix;
  }

  /** Items of so many tokens each, whose inputs and gradients go together. */
  public static GradientRows rows(Random random, int items, int tokens, int in, int out) {
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

  public static GradientRows of(Matrix inputs, Matrix gradients, int tokens) {
    int items = inputs.rows() / tokens;
    return new GradientRows(
        0,
        inputs,
        gradients,
        IntStream.range(0, items).toArray(),
        IntStream.rangeClosed(0, items).map(i -> i * tokens).toArray());
  }

  /** Everything that can be fitted on some rows. */
  public static Factors fitted(GradientRows rows) {
    LinearModule linear =
        new LinearModule("made.0.up", rows.inputs().columns(), rows.gradients().columns());
    Covariances sums = Covariances.none(linear);
    sums.add(rows, ALGEBRA);
    Eigenbasis basis = Eigenbasis.of(sums, rows.inputs().rows(), ALGEBRA);
    Matrix corrected = FloatMatrices.zeros(linear.out(), linear.in());
    Matrix squares = FloatMatrices.zeros(linear.out(), linear.in());
    GradientRows rotated = basis.rotated(rows, ALGEBRA);
    for (int item = 0; item < rows.count(); item++) {
      FloatMatrices.addSquares(corrected, rotated.gradient(item, ALGEBRA));
      FloatMatrices.addSquares(squares, rows.gradient(item, ALGEBRA));
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
  public static Matrix precondition(Curvature curvature, Matrix gradient, double damping) {
    Matrix turned = curvature.basis().map(q -> rotated(q, gradient)).orElse(gradient);
    return curvature.precondition(turned, damping, ALGEBRA);
  }

  /** {@code Q_Sᵀ V Q_A}. */
  public static Matrix rotated(Eigenbasis basis, Matrix gradient) {
    Matrix half = ALGEBRA.transposeTimes(basis.outputs(), gradient);
    return ALGEBRA.multiply(half, basis.inputs());
  }

  /** The cells of a matrix, row by row. */
  public static double[] cells(Matrix matrix) {
    return IntStream.range(0, matrix.rows())
        .boxed()
        .flatMapToDouble(row -> Arrays.stream(matrix.row(row)))
        .toArray();
  }
}
