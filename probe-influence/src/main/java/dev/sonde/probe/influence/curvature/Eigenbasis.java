package dev.sonde.probe.influence.curvature;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.LinearAlgebra.SymmetricEigen;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.Artifact;
import dev.sonde.probe.influence.read.FloatMatrices;
import dev.sonde.probe.influence.read.GradientRows;
import dev.sonde.probe.influence.read.LinearModule;

/**
 * The Kronecker-factored eigenbasis of one linear's curvature: {@code A = Q_A L_A Q_Aᵀ} over its
 * inputs and {@code S = Q_S L_S Q_Sᵀ} over the gradients of its outputs.
 *
 * @param inputs {@code Q_A}, {@code [in, in]} float32, an eigenvector per column
 * @param inputValues {@code L_A}, {@code [1, in]}, ascending
 * @param outputs {@code Q_S}, {@code [out, out]} float32
 * @param outputValues {@code L_S}, {@code [1, out]}, ascending
 */
public record Eigenbasis(Matrix inputs, Matrix inputValues, Matrix outputs, Matrix outputValues) {

  private static final String INPUTS = "inputs.";
  private static final String INPUT_VALUES = "input_values.";
  private static final String OUTPUTS = "outputs.";
  private static final String OUTPUT_VALUES = "output_values.";

  /** The eigenbasis of mean second moments, decomposed in float64. */
  static Eigenbasis of(Covariances sums, long tokens, LinearAlgebra algebra) {
    SymmetricEigen a = algebra.symmetricEigen(mean(sums.inputs(), tokens));
    SymmetricEigen s = algebra.symmetricEigen(mean(sums.gradients(), tokens));
    return new Eigenbasis(
        a.vectors().as(Matrix.Type.FLOAT32),
        vector(a.values()),
        s.vectors().as(Matrix.Type.FLOAT32),
        vector(s.values()));
  }

  /** As an artifact holds that of a linear, in memory of its own. */
  static Eigenbasis in(Artifact artifact, LinearModule linear) {
    String module = linear.module();
    return new Eigenbasis(
        FloatMatrices.copy(artifact.tensor(INPUTS + module)),
        FloatMatrices.copy(artifact.tensor(INPUT_VALUES + module)),
        FloatMatrices.copy(artifact.tensor(OUTPUTS + module)),
        FloatMatrices.copy(artifact.tensor(OUTPUT_VALUES + module)));
  }

  Artifact into(Artifact artifact, LinearModule linear) {
    String module = linear.module();
    return artifact
        .with(INPUTS + module, inputs)
        .with(INPUT_VALUES + module, inputValues)
        .with(OUTPUTS + module, outputs)
        .with(OUTPUT_VALUES + module, outputValues);
  }

  private static Matrix mean(Matrix sum, long count) {
    Matrix mean = Matrix.zeros(Matrix.Type.FLOAT64, sum.rows(), sum.columns());
    for (int r = 0; r < sum.rows(); r++) {
      for (int c = 0; c < sum.columns(); c++) {
        mean.set(r, c, (sum.get(r, c) + sum.get(c, r)) / (2.0 * count));
      }
    }
    return mean;
  }

  private static Matrix vector(double[] values) {
    return Matrix.of(Matrix.Type.FLOAT32, new double[][] {values});
  }

  /** {@code Q_Sᵀ V Q_A}: a gradient of the weights' own in this basis. */
  Matrix rotated(Matrix gradient, LinearAlgebra algebra) {
    return algebra.multiply(algebra.transposeTimes(outputs, gradient), inputs);
  }

  /** {@code Q_S V Q_Aᵀ}: a gradient in this basis, in the weights' own. */
  Matrix rotatedBack(Matrix gradient, LinearAlgebra algebra) {
    Matrix half = algebra.multiply(outputs, gradient);
    return algebra.timesTranspose(half, inputs);
  }

  /**
   * Rows whose products are those of the given rows, rotated: {@code (Q_Sᵀ s)(Q_Aᵀ a)ᵀ}. Rotating
   * tokens before they are multiplied costs a fraction of rotating every item's product.
   */
  public GradientRows rotated(GradientRows rows, LinearAlgebra algebra) {
    return new GradientRows(
        rows.linear(),
        algebra.multiply(rows.inputs(), inputs),
        algebra.multiply(rows.gradients(), outputs),
        rows.items(),
        rows.starts());
  }

  /** The eigenvalues that plain K-FAC has: {@code L_S L_Aᵀ}, {@code [out, in]}. */
  Matrix kroneckerValues(LinearAlgebra algebra) {
    return algebra.transposeTimes(outputValues, inputValues);
  }
}
