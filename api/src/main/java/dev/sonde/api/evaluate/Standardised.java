package dev.sonde.api.evaluate;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.linalg.Matrix;
import java.util.function.Function;

/**
 * Training rows with every feature on one scale: its median taken out, divided by what the standard
 * deviation would be by the median absolute deviation, and cut at ten of these to either side.
 * Residual streams have a few dimensions a hundred times as large as the rest, and single rows that
 * are; neither decides then what a penalty weighs or where a direction points. Rows that are scored
 * are not cut.
 *
 * @param rows the standardised rows; 0 for features that do not vary
 * @param centre the median of each feature
 * @param scale what each feature was divided by; 1 where it does not vary
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.2")
public record Standardised(Design rows, double[] centre, double[] scale) {
  /**
   * The standardised rows of a design.
   *
   * @param design makes a design of rows, float32
   */
  public static Standardised of(Design raw, Function<Matrix, Design> design) {
    FeatureScales scales = FeatureScales.of(raw);
    return new Standardised(
        design.apply(scales.standardised(raw)), scales.centre(), scales.scale());
  }

  /** The scorer of rows as they are that standardised ones would be given. */
  public Scorer linear(double[] weights, double bias) {
    return new FeatureScales(centre, scale).linear(weights, bias);
  }
}
