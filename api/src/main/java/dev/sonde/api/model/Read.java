package dev.sonde.api.model;

import dev.sonde.api.ApiStatus;
import java.util.Locale;
import java.util.Objects;

/**
 * One thing to read: a hook point or the gradient there, which tokens of it, and how they are
 * reduced. A reduction is a name: more may come, and a backend refuses those that it does not
 * announce ({@link Capabilities#reductions}).
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public final class Read {
  /** No reduction: the selected rows as they are. */
  public static final String NONE = "none";

  /** The mean of the selected rows of a sequence, or of one span: one row. */
  public static final String MEAN = "mean";

  /** The largest value of each column: one row. */
  public static final String MAX = "max";

  /** The Frobenius norm of the selected rows: one number. */
  public static final String NORM = "norm";

  private final HookPoint point;
  private final Selector selector;
  private final String reduction;
  private final boolean gradient;

  private Read(HookPoint point, Selector selector, String reduction, boolean gradient) {
    this.point = point;
    this.selector = selector;
    this.reduction = reduction;
    this.gradient = gradient;
  }

  /** The selected tokens of a point. */
  public static Read of(HookPoint point, Selector selector) {
    return new Read(point, selector, NONE, false);
  }

  /** The log-probabilities of the targets of each sequence. */
  public static Read logProbabilities() {
    return of(HookPoint.LOG_PROB, Selector.all());
  }

  /**
   * The same read, reduced.
   *
   * @param wanted {@link #MEAN}, {@link #MAX}, {@link #NORM}, {@link #NONE} or another that the
   *     model's backend knows
   */
  public Read reduce(String wanted) {
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
  public String reduction() {
    return reduction;
  }

  /** Whether the selected rows are reduced to one. */
  public boolean isReduced() {
    return !reduction.equals(NONE);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Read that
        && point.equals(that.point)
        && selector.equals(that.selector)
        && reduction.equals(that.reduction)
        && gradient == that.gradient;
  }

  @Override
  public int hashCode() {
    return Objects.hash(point, selector, reduction, gradient);
  }

  @Override
  public String toString() {
    String tokens = (gradient ? "gradient at " : "") + point + "@" + selector;
    return isReduced() ? tokens + "/" + reduction.toUpperCase(Locale.ROOT) : tokens;
  }
}
