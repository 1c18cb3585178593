package dev.sonde.api.evaluate;

import dev.sonde.api.ApiStatus;
import java.util.OptionalDouble;

/** What a decoder should predict, one value per row. */
@ApiStatus(value = ApiStatus.Level.STABLE, since = "0.1")
public final class Targets {
  private final boolean binary;
  private final double[] values;
  private final OptionalDouble cut;
  private final String positiveName;
  private final String negativeName;

  private Targets(
      boolean binary,
      double[] values,
      OptionalDouble cut,
      String positiveName,
      String negativeName) {
    this.binary = binary;
    this.values = values;
    this.cut = cut;
    this.positiveName = positiveName;
    this.negativeName = negativeName;
  }

  /** Binary targets with the names of the two classes. */
  public static Targets binary(boolean[] positive, String positiveName, String negativeName) {
    double[] values = new double[positive.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = positive[i] ? 1 : 0;
    }
    return new Targets(true, values, OptionalDouble.empty(), positiveName, negativeName);
  }

  /** Binary targets of unnamed classes. */
  public static Targets binary(boolean[] positive) {
    return binary(positive, "positive", "negative");
  }

  /** Graded targets. Where something asks for two classes they are parted at their mean. */
  public static Targets real(double[] values) {
    return new Targets(false, values.clone(), OptionalDouble.empty(), "high", "low");
  }

  /**
   * Graded targets with a place of their own to part them at.
   *
   * @param cut values above it are the positive class, where something asks for two classes
   */
  public static Targets real(double[] values, double cut) {
    return new Targets(false, values.clone(), OptionalDouble.of(cut), "high", "low");
  }

  /**
   * Other values of the same kind, with the same cut and names: a labeling drawn at random, say.
   *
   * @param others as many or fewer; 1 and 0 of two classes
   */
  public Targets with(double[] others) {
    return new Targets(binary, others.clone(), cut, positiveName, negativeName);
  }

  /** Whether each is positive or negative; otherwise they are real numbers. */
  public boolean isBinary() {
    return binary;
  }

  /** Number of rows. */
  public int size() {
    return values.length;
  }

  /** The value of a row; 1 and 0 for the positive and negative class. */
  public double value(int row) {
    return values[row];
  }

  /**
   * Where graded targets are to be parted in two classes; empty where nobody said, and of targets
   * that are two classes.
   */
  public OptionalDouble cut() {
    return cut;
  }

  /**
   * These targets as two classes: graded ones are parted at their cut, or at their mean where none
   * was given; those of two classes are as they are.
   */
  public Targets classes() {
    if (binary) {
      return this;
    }
    double middle = cut.orElse(mean());
    boolean[] above = new boolean[values.length];
    for (int row = 0; row < above.length; row++) {
      above[row] = values[row] > middle;
    }
    return binary(above, positiveName, negativeName);
  }

  /** Whether a row of binary targets is in the positive class. */
  public boolean positive(int row) {
    return values[row] > 0.5;
  }

  /** Number of rows in the positive class. */
  public int positives() {
    int positives = 0;
    for (double value : values) {
      positives += value > 0.5 ? 1 : 0;
    }
    return positives;
  }

  /** The mean value; the share of the positive class. */
  public double mean() {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  /** Whether there are two different values, so that something can be learnt. */
  public boolean vary() {
    for (double value : values) {
      if (value != values[0]) {
        return true;
      }
    }
    return false;
  }

  /** The name of the positive class. */
  public String positiveName() {
    return positiveName;
  }

  /** The name of the negative class. */
  public String negativeName() {
    return negativeName;
  }

  /** The targets of some rows, in the given order. */
  public Targets select(int[] rows) {
    double[] chosen = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      chosen[i] = values[rows[i]];
    }
    return new Targets(binary, chosen, cut, positiveName, negativeName);
  }
}
