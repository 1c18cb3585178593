package dev.sonde.probe.influence;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import java.util.Optional;

/**
 * The curvature of one linear: diagonal, in an eigenbasis or in the weights themselves.
 *
 * @param basis the eigenbasis; empty where the weights' own is taken
 * @param eigenvalues {@code Λ}, {@code [out, in]} float32
 */
record Curvature(Optional<Eigenbasis> basis, Matrix eigenvalues) {

  /** No curvature at all: all eigenvalues are 1. */
  static Curvature flat(Linear linear) {
    Matrix ones = Cells.zeros(linear.out(), linear.in());
    for (int row = 0; row < ones.rows(); row++) {
      for (int column = 0; column < ones.columns(); column++) {
        ones.set(row, column, 1);
      }
    }
    return new Curvature(Optional.empty(), ones);
  }

  /** A multiple of the mean eigenvalue, the damping of Grosse et al. (2023, section 2.2). */
  double damping(double factor) {
    return factor * Cells.mean(eigenvalues);
  }

  /** {@code (G + λ)⁻¹ V = Q_S [(Q_Sᵀ V Q_A) / (Λ + λ)] Q_Aᵀ}, {@code [out, in]}. */
  Matrix precondition(Matrix gradient, double damping, LinearAlgebra algebra) {
    return basis
        .map(
            q ->
                q.rotatedBack(
                    Cells.quotient(q.rotated(gradient, algebra), eigenvalues, damping), algebra))
        .orElseGet(() -> Cells.quotient(gradient, eigenvalues, damping));
  }

  /**
   * What each of some items scores for itself, {@code gᵀ (G + λ)⁻¹ g}: never negative, large for
   * documents that are unlike the others.
   *
   * @return a number an item
   */
  double[] selfScores(TokenRows rows, double damping, LinearAlgebra algebra) {
    TokenRows turned = basis.map(q -> q.rotated(rows, algebra)).orElse(rows);
    double[] scores = new double[rows.count()];
    for (int place = 0; place < scores.length; place++) {
      Matrix gradient = turned.gradient(place, algebra);
      scores[place] = Cells.dot(gradient, Cells.quotient(gradient, eigenvalues, damping));
    }
    return scores;
  }
}
