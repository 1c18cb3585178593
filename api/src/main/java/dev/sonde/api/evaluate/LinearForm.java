package dev.sonde.api.evaluate;

import dev.sonde.api.ApiStatus;

/**
 * How the weights of a decoder follow from its training rows, as far as it decides in which order
 * rows are scored: up to a factor above 0 and a constant. The engine works out the order of
 * held-out rows for thousands of labelings and folds from the inner products of all rows, and does
 * not call such a decoder where nothing but the order is asked for.
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.2")
public final class LinearForm {
  private static final LinearForm AXIS = new LinearForm(true, false, 0, 1, false);

  private final boolean axis;
  private final boolean standardised;
  private final double scale;
  private final double shift;
  private final boolean parted;

  private LinearForm(
      boolean axis, boolean standardised, double scale, double shift, boolean parted) {
    this.axis = axis;
    this.standardised = standardised;
    this.scale = scale;
    this.shift = shift;
    this.parted = parted;
  }

  /**
   * The slopes δ of the rows (see {@link Slopes}) times a shrunk inverse of their covariance T:
   * {@code w = (scale · T + shift · ν · I)⁻¹ δ}, where ν is the mean variance of a feature.
   *
   * @param standardised whether T and δ are those of {@linkplain Standardised standardised} rows
   * @param scale at least 0; with 0 the weights are the slopes
   * @param shift above 0
   * @param parted whether graded labels that have a cut are parted there
   */
  public static LinearForm shrunk(
      boolean standardised, double scale, double shift, boolean parted) {
    return new LinearForm(false, standardised, scale, shift, parted);
  }

  /**
   * The first principal axis of the rows, turned so that in most pairs of training rows the one
   * with the larger target lies higher.
   */
  public static LinearForm axis() {
    return AXIS;
  }

  /** Whether it is the principal axis; the rest then says nothing. */
  public boolean isAxis() {
    return axis;
  }

  /** Whether rows are standardised first. */
  public boolean standardised() {
    return standardised;
  }

  /** The factor of the covariance; 0: the weights are the slopes. */
  public double scale() {
    return scale;
  }

  /** The factor of the mean variance, above 0. */
  public double shift() {
    return shift;
  }

  /** Whether graded labels that have a cut are parted there. */
  public boolean parted() {
    return parted;
  }
}
