package dev.sonde.api.evaluate;

import dev.sonde.api.ApiStatus;

/** What a decoder should predict, one value per row. */
@ApiStatus(value = ApiStatus.Level.STABLE, since = "0.1")
public final class Targets {
  private final boolean binary;
  private final double[] values;
  private final String positiveName;
  private final String negativeName;

  private Targets(boolean binary, double[] values, String positiveName, String negativeName) {
    this.binary = binary;
    this.values = values;
    this.positiveName = positiveName;
    this.negativeName = negativeName;
  }

  /** Binary targets with the names of the two classes. */
  public static Targets binary(boolean[] positive, String positiveName, String negativeName) {
    double[] values = new double[positive.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = positive[i] ? 1 : 0;
    }
    return new Targets(true, values, positiveName, negativeName);
  }

  /** Binary targets of unnamed classes. */
  public static Targets binary(boolean[] positive) {
    return binary(positive, "positive", "negative");
  }

  /** Graded targets. */
  public static Targets real(double[] values) {
    return new Targets(false, values.clone(), "high", "low");
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
    return new Targets(binary, chosen, positiveName, negativeName);
  }
}
