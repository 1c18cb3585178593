package dev.sonde.probe.influence.curvature;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.probe.influence.read.FloatMatrices;
import dev.sonde.probe.influence.read.GradientRows;
import dev.sonde.probe.influence.read.LinearModule;
import java.util.Optional;

/**
 * The curvature of one linear: diagonal, in an eigenbasis or in the weights themselves.
 *
 * @param basis the eigenbasis; empty where the weights' own is taken
 * @param eigenvalues {@code Λ}, {@code [out, in]} float32
 */
public record Curvature(Optional<Eigenbasis> basis, Matrix eigenvalues) {

  /** No curvature at all: all eigenvalues are 1. */
  static Curvature flat(LinearModule linear) {
    Matrix ones = FloatMatrices.zeros(linear.out(), linear.in());
    for (int row = 0; row < ones.rows(); row++) {
      for (int column = 0; column < ones.columns(); column++) {
        ones.set(row, column, 1);
      }
    }
    return new Curvature(Optional.empty(), ones);
  }

  /** A multiple of the mean eigenvalue, the damping of Grosse et al. (2023, section 2.2). */
  public double damping(double factor) {
    return factor * FloatMatrices.mean(eigenvalues);
  }

  /** Rows whose gradients are those of the given rows in this basis. */
  public GradientRows turned(GradientRows rows, LinearAlgebra algebra) {
    return basis.map(q -> q.rotated(rows, algebra)).orElse(rows);
  }

  /**
   * {@code (G + λ)⁻¹ V = Q_S [(Q_Sᵀ V Q_A) / (Λ + λ)] Q_Aᵀ}, {@code [out, in]}.
   *
   * @param turned the gradient in this basis, {@code Q_Sᵀ V Q_A}
   */
  public Matrix precondition(Matrix turned, double damping, LinearAlgebra algebra) {
    Matrix divided = FloatMatrices.quotient(turned, eigenvalues, damping);
    return basis.map(q -> q.rotatedBack(divided, algebra)).orElse(divided);
  }

  /** The same of a gradient in the weights' own basis. */
  public Matrix solve(Matrix gradient, double damping, LinearAlgebra algebra) {
    Matrix turned = basis.map(q -> q.rotated(gradient, algebra)).orElse(gradient);
    return precondition(turned, damping, algebra);
  }

  /**
   * What each of some items scores for itself, {@code gᵀ (G + λ)⁻¹ g}: never negative, large for
   * documents that are unlike the others.
   *
   * @return a number an item
   */
  public double[] selfScores(GradientRows rows, double damping, LinearAlgebra algebra) {
    GradientRows turned = turned(rows, algebra);
    double[] scores = new double[rows.count()];
    for (int place = 0; place < scores.length; place++) {
      Matrix gradient = turned.gradient(place, algebra);
      scores[place] =
          FloatMatrices.dot(gradient, FloatMatrices.quotient(gradient, eigenvalues, damping));
    }
    return scores;
  }
}
