package dev.sonde.engine.evaluate.erase;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.statistics.PlainVectors;
import java.util.List;

/**
 * Least-squares concept erasure (Belrose et al. 2023, theorem 4.3): of all affine maps after which
 * no feature of the fitted rows covaries with the label, the one that changes them least, in the
 * norm of every covariance at once. Of one label, with σ the covariance of the features with it and
 * Σ their own, the paper's {@code x − W⁺ P W (x − μ)} is
 *
 * <pre>{@code r(x) = x − σ (Σ⁺σ · (x − μ)) / (σ · Σ⁺σ)}</pre>
 *
 * <p>With shrinkage Σ + λI stands for Σ. No feature covaries with the label then either, but it is
 * not the smallest change of these rows; it is often a smaller one of others, where rows are few.
 *
 * @param shrinkage λ as a share of the mean variance of a feature
 */
record Leace(double shrinkage) implements Eraser {
  @Override
  public Erasure fit(EraserRows rows, Targets labels) {
    double[] removed = rows.covarianceWith(labels);
    double[] read = rows.solved(labels, shrinkage);
    double size = Math.sqrt(PlainVectors.dot(removed, read));
    if (!(size > 0)) {
      return Erasure.none(rows.mean());
    }
    return new Erasure(
        rows.mean(),
        List.of(PlainVectors.scaled(1 / size, removed)),
        List.of(PlainVectors.scaled(1 / size, read)));
  }
}
