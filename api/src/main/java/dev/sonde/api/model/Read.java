package dev.sonde.api.model;

import java.util.Objects;

/**
 * One thing to read: a hook point or the gradient there, which tokens of it, and how they are
 * reduced.
 */
public final class Read {
  private final HookPoint point;
  private final Selector selector;
  private final Reduction reduction;
  private final boolean gradient;

  private Read(HookPoint point, Selector selector, Reduction reduction, boolean gradient) {
    this.point = point;
    this.selector = selector;
    this.reduction = reduction;
    this.gradient = gradient;
  }

  /** The selected tokens of a point. */
  public static Read of(HookPoint point, Selector selector) {
    return new Read(point, selector, Reduction.NONE, false);
  }

  /** The log-probabilities of the targets of each sequence. */
  public static Read logProbabilities() {
    return of(HookPoint.LOG_PROB, Selector.all());
  }

  /** The same read, reduced. */
  public Read reduce(Reduction wanted) {
    return new Read(point, selector, wanted, gradient);
  }

  /**
   * The gradient of each objective of a sequence with respect to what the point passes on: rows
   * objective by objective, see {@link Rows#objectives()}. Interventions at the point stand before
   * it.
   */
  public Read gradient() {
    return new Read(point, selector, reduction, true);
  }

  /** Whether the gradient is read instead of the activation. */
  public boolean isGradient() {
    return gradient;
  }

  /** Where. */
  public HookPoint point() {
    return point;
  }

  /** Which tokens. */
  public Selector selector() {
    return selector;
  }

  /** How they are reduced. */
  public Reduction reduction() {
    return reduction;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Read that
        && point.equals(that.point)
        && selector.equals(that.selector)
        && reduction == that.reduction
        && gradient == that.gradient;
  }

  @Override
  public int hashCode() {
    return Objects.hash(point, selector, reduction, gradient);
  }

  @Override
  public String toString() {
    String tokens = (gradient ? "gradient at " : "") + point + "@" + selector;
    return reduction == Reduction.NONE ? tokens : tokens + "/" + reduction;
  }
}
