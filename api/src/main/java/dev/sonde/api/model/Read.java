package dev.sonde.api.model;

import java.util.Objects;

/** One thing to read: a hook point, which tokens of it, and how they are reduced. */
public final class Read {
  private final HookPoint point;
  private final Selector selector;
  private final Reduction reduction;

  private Read(HookPoint point, Selector selector, Reduction reduction) {
    this.point = point;
    this.selector = selector;
    this.reduction = reduction;
  }

  /** The selected tokens of a point. */
  public static Read of(HookPoint point, Selector selector) {
    return new Read(point, selector, Reduction.NONE);
  }

  /** The log-probabilities of the targets of each sequence. */
  public static Read logProbabilities() {
    return of(HookPoint.LOG_PROB, Selector.all());
  }

  /** The same read, reduced. */
  public Read reduce(Reduction wanted) {
    return new Read(point, selector, wanted);
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
        && reduction == that.reduction;
  }

  @Override
  public int hashCode() {
    return Objects.hash(point, selector, reduction);
  }

  @Override
  public String toString() {
    String tokens = point + "@" + selector;
    return reduction == Reduction.NONE ? tokens : tokens + "/" + reduction;
  }
}
