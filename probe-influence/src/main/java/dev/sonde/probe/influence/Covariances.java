package dev.sonde.probe.influence;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;

/**
 * Uncentred second moments of one linear, as sums over tokens: {@code Σ a aᵀ} of what it takes and
 * {@code Σ s sᵀ} of the gradients of what it gives (Grosse et al. 2023, section 2.2).
 *
 * @param inputs {@code [in, in]} float32, changed by {@link #add}
 * @param gradients {@code [out, out]} float32, changed by {@link #add}
 */
record Covariances(Matrix inputs, Matrix gradients) {

  static Covariances none(Linear linear) {
    return new Covariances(
        Cells.zeros(linear.in(), linear.in()), Cells.zeros(linear.out(), linear.out()));
  }

  void add(TokenRows rows, LinearAlgebra algebra) {
    Cells.add(inputs, algebra.crossProducts(rows.inputs()));
    Cells.add(gradients, algebra.crossProducts(rows.gradients()));
  }

  void add(Covariances others) {
    Cells.add(inputs, others.inputs);
    Cells.add(gradients, others.gradients);
  }
}
