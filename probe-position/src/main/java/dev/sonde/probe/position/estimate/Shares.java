package dev.sonde.probe.position.estimate;

import dev.sonde.probe.position.read.CausalPairs;

/**
 * The softmax of a head's logits, kept so that several approximations can be held against it.
 *
 * @param cells the cells
 * @param values the shares, packed
 * @param cap soft cap before the softmax; 0 is none
 * @param information sum over queries of {@code Σ p ln p}, nats
 */
public record Shares(CausalPairs cells, double[] values, double cap, double information) {
  /** The softmax of logits. */
  public static Shares of(CausalPairs cells, double[] logits, double cap) {
    double[] shares = new double[logits.length];
    double information = 0;
    for (int query = 0; query < cells.size(); query++) {
      int start = cells.start(query);
      int end = start + cells.keys(query);
      double top = top(logits, start, end, cap);
      double sum = 0;
      for (int cell = start; cell < end; cell++) {
        shares[cell] = Math.exp(Logits.capped(logits[cell], cap) - top);
        sum += shares[cell];
      }
      double mean = 0;
      for (int cell = start; cell < end; cell++) {
        shares[cell] /= sum;
        mean += shares[cell] * (Logits.capped(logits[cell], cap) - top);
      }
      information += mean - Math.log(sum);
    }
    return new Shares(cells, shares, cap, information);
  }

  /** The mean share of each distance over queries. */
  double[] ofDistances() {
    double[] shares = new double[cells.distances()];
    for (int query = 0; query < cells.size(); query++) {
      int start = cells.start(query);
      int from = cells.from(query);
      for (int key = from; key <= query; key++) {
        shares[query - key] += values[start + key - from] / cells.size();
      }
    }
    return shares;
  }

  private static double top(double[] logits, int start, int end, double cap) {
    double top = Double.NEGATIVE_INFINITY;
    for (int cell = start; cell < end; cell++) {
      top = Math.max(top, logits[cell]);
    }
    return Logits.capped(top, cap);
  }

  /** {@code KL(shares ‖ softmax(approximation))} in nats, the mean over queries. */
  double divergence(double[] approximation) {
    double cross = 0;
    for (int query = 0; query < cells.size(); query++) {
      int start = cells.start(query);
      int end = start + cells.keys(query);
      double top = top(approximation, start, end, cap);
      double sum = 0;
      double mean = 0;
      for (int cell = start; cell < end; cell++) {
        double logit = Logits.capped(approximation[cell], cap) - top;
        sum += Math.exp(logit);
        mean += values[cell] * logit;
      }
      cross += mean - Math.log(sum);
    }
    return Math.max(0, information - cross) / cells.size();
  }
}
