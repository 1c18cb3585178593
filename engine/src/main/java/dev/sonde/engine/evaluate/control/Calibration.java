package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.statistics.LogisticCurve;

/** Makes the curves that turn held-out scores into probabilities of the positive class. */
final class Calibration {
  private Calibration() {}

  /** The curve of some rows. */
  static LogisticCurve of(double[] scores, int[] rows, Targets targets) {
    double[] own = new double[rows.length];
    boolean[] positive = new boolean[rows.length];
    for (int i = 0; i < rows.length; i++) {
      own[i] = scores[rows[i]];
      positive[i] = targets.positive(rows[i]);
    }
    return LogisticCurve.of(own, positive);
  }
}
