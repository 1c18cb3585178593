package dev.sonde.probe.position;

/** How close an approximation of logits is to them. */
final class Agreement {
  private Agreement() {}

  /** Pearson's r; no number where one of both does not vary. */
  static double correlation(double[] x, double[] y) {
    double meanX = mean(x);
    double meanY = mean(y);
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (int i = 0; i < x.length; i++) {
      double a = x[i] - meanX;
      double b = y[i] - meanY;
      xx += a * a;
      yy += b * b;
      xy += a * b;
    }
    return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : Double.NaN;
  }

  /** {@code R² = 1 − Σ (w − fit)² / Σ (w − mean)²}: correlation ignores scale, this does not. */
  static double explained(double[] logits, double[] fit) {
    double mean = mean(logits);
    double missed = 0;
    double all = 0;
    for (int i = 0; i < logits.length; i++) {
      double error = logits[i] - fit[i];
      double away = logits[i] - mean;
      missed += error * error;
      all += away * away;
    }
    return all > 0 ? 1 - missed / all : Double.NaN;
  }

  /**
   * {@code KL(softmax(W) ‖ softmax(approximation))} in nats, the mean over queries.
   *
   * @param cap soft cap that both go through before the softmax; 0 is none
   */
  static double divergence(Cells cells, double[] logits, double[] approximation, double cap) {
    double sum = 0;
    for (int query = 0; query < cells.size(); query++) {
      sum += divergence(logits, approximation, cells.start(query), cells.keys(query), cap);
    }
    return sum / cells.size();
  }

  /** {@code Σ p (w − v) − ln Σ e^w + ln Σ e^v} of one row, p the softmax of w. */
  private static double divergence(double[] w, double[] v, int start, int keys, double cap) {
    double topW = Double.NEGATIVE_INFINITY;
    double topV = Double.NEGATIVE_INFINITY;
    for (int cell = start; cell < start + keys; cell++) {
      topW = Math.max(topW, w[cell]);
      topV = Math.max(topV, v[cell]);
    }
    topW = Logits.capped(topW, cap);
    topV = Logits.capped(topV, cap);
    double sumW = 0;
    double sumV = 0;
    double apart = 0;
    for (int cell = start; cell < start + keys; cell++) {
      double x = Logits.capped(w[cell], cap) - topW;
      double y = Logits.capped(v[cell], cap) - topV;
      double share = Math.exp(x);
      sumW += share;
      sumV += Math.exp(y);
      apart += share * (x - y);
    }
    return Math.max(0, apart / sumW - Math.log(sumW) + Math.log(sumV));
  }

  static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  static double deviation(double[] values) {
    double mean = mean(values);
    double sum = 0;
    for (double value : values) {
      sum += (value - mean) * (value - mean);
    }
    return Math.sqrt(sum / values.length);
  }
}
