package dev.sonde.probe.influence.curvature;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.probe.influence.read.FloatMatrices;
import dev.sonde.probe.influence.read.LinearModule;
import java.util.Optional;

/**
 * What was fitted for one linear.
 *
 * @param linear whose
 * @param covariances sums over tokens; empty where no strategy rotates
 * @param basis their eigenbasis
 * @param corrected sums over items of squared gradients in that basis, {@code [out, in]}
 * @param squares sums over items of squared gradients in the weights' own basis
 * @param items how many items were summed over
 */
public record Factors(
    LinearModule linear,
    Optional<Covariances> covariances,
    Optional<Eigenbasis> basis,
    Optional<Matrix> corrected,
    Optional<Matrix> squares,
    long items) {

  /** The same with the second moments that it rests on. */
  Factors with(Covariances sums) {
    return new Factors(linear, Optional.of(sums), basis, corrected, squares, items);
  }

  /** The curvature as a strategy has it. */
  public Curvature curvature(Strategy strategy, LinearAlgebra algebra) {
    return switch (strategy) {
      case IDENTITY -> Curvature.flat(linear);
      case DIAGONAL -> new Curvature(Optional.empty(), mean(squares.orElseThrow()));
      case KFAC -> new Curvature(basis, basis.orElseThrow().kroneckerValues(algebra));
      case EKFAC, EKFAC_CG -> new Curvature(basis, mean(corrected.orElseThrow()));
    };
  }

  private Matrix mean(Matrix sum) {
    Matrix mean = FloatMatrices.copy(sum);
    FloatMatrices.scale(mean, 1.0 / items);
    return mean;
  }
}
