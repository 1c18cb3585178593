package dev.sonde.probe.influence.curvature;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.Artifact;
import dev.sonde.probe.influence.read.FloatMatrices;
import dev.sonde.probe.influence.read.GradientRows;
import dev.sonde.probe.influence.read.LinearModule;

/**
 * Uncentred second moments of one linear, as sums over tokens: {@code Σ a aᵀ} of what it takes and
 * {@code Σ s sᵀ} of the gradients of what it gives (Grosse et al. 2023, section 2.2).
 *
 * @param inputs {@code [in, in]} float32, changed by {@link #add}
 * @param gradients {@code [out, out]} float32, changed by {@link #add}
 */
public record Covariances(Matrix inputs, Matrix gradients) {

  private static final String INPUTS = "inputs.";
  private static final String GRADIENTS = "gradients.";

  static Covariances none(LinearModule linear) {
    return new Covariances(
        FloatMatrices.zeros(linear.in(), linear.in()),
        FloatMatrices.zeros(linear.out(), linear.out()));
  }

  /** As an artifact holds those of a linear. */
  static Covariances in(Artifact artifact, LinearModule linear) {
    return new Covariances(
        artifact.tensor(INPUTS + linear.module()), artifact.tensor(GRADIENTS + linear.module()));
  }

  Artifact into(Artifact artifact, LinearModule linear) {
    return artifact
        .with(INPUTS + linear.module(), inputs)
        .with(GRADIENTS + linear.module(), gradients);
  }

  void add(GradientRows rows, LinearAlgebra algebra) {
    FloatMatrices.add(inputs, algebra.crossProducts(rows.inputs()));
    FloatMatrices.add(gradients, algebra.crossProducts(rows.gradients()));
  }

  void add(Covariances others) {
    FloatMatrices.add(inputs, others.inputs);
    FloatMatrices.add(gradients, others.gradients);
  }
}
