package dev.sonde.api.evaluate;

import dev.sonde.api.ApiStatus;

/**
 * How the weights of a decoder follow from its training rows, as far as it decides in which order
 * rows are scored: up to a factor above 0 and a constant. The engine works out the order of
 * held-out rows for thousands of labelings and folds from the inner products of all rows, and does
 * not call such a decoder where nothing but the order is asked for.
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.2")
public sealed interface LinearForm {
  /**
   * The slopes δ of the rows (see {@link Slopes}) times a shrunk inverse of their covariance T:
   * {@code w = (scale · T + shift · ν · I)⁻¹ δ}, where ν is the mean variance of a feature.
   *
   * @param standardised whether T and δ are those of {@linkplain Standardised standardised} rows
   * @param scale at least 0; with 0 the weights are the slopes
   * @param shift above 0
   * @param parted whether graded labels that have a cut are parted there
   */
  record Shrunk(boolean standardised, double scale, double shift, boolean parted)
      implements LinearForm {}

  /**
   * The first principal axis of the rows, turned so that in most pairs of training rows the one
   * with the larger target lies higher.
   */
  record Axis() implements LinearForm {}
}
