package dev.sonde.probe.position.atlas;

import dev.sonde.probe.position.read.CausalPairs;
import java.util.EnumMap;
import java.util.Map;

/** Where one head looks on one text, of its attention pattern. */
final class Looks {
  /** Tokens that are near: the latest ones. */
  private static final int NEAR = 8;

  private Looks() {}

  /**
   * The shares; a kind that the text has no place for is no number.
   *
   * @param cells all query-key pairs of the text, its first token among them
   * @param shares the pattern, packed
   */
  static Map<Pattern, Double> of(CausalPairs cells, double[] shares, int[] ids) {
    Map<Pattern, Mean> means = new EnumMap<>(Pattern.class);
    for (Pattern each : Pattern.values()) {
      means.put(each, new Mean());
    }
    for (int query = 1; query < cells.size(); query++) {
      int from = cells.from(query);
      int start = cells.start(query);
      double near = 0;
      double same = 0;
      double next = 0;
      boolean twice = false;
      boolean follows = false;
      int most = -1;
      for (int key = from; key <= query; key++) {
        double share = shares[start + key - from];
        near += key < query - 1 && key > query - NEAR && key > 0 ? share : 0;
        if (key < query && ids[key] == ids[query]) {
          twice = true;
          same += share;
        }
        if (key > 0 && key < query && ids[key - 1] == ids[query]) {
          follows = true;
          next += share;
        }
        if (key > 0 && (most < 0 || share > shares[start + most - from])) {
          most = key;
        }
      }
      add(means, Pattern.PREVIOUS, query > from ? shares[start + query - 1 - from] : 0);
      add(means, Pattern.SINK, from == 0 ? shares[start] : 0);
      add(means, Pattern.LOCAL, near);
      if (twice) {
        add(means, Pattern.DUPLICATE, same);
      }
      if (follows) {
        add(means, Pattern.INDUCTION, next);
        boolean copied = most > 0 && most < query && ids[most - 1] == ids[query];
        add(means, Pattern.RETRIEVAL, copied ? 1 : 0);
      }
    }
    Map<Pattern, Double> looks = new EnumMap<>(Pattern.class);
    means.forEach((pattern, mean) -> looks.put(pattern, mean.value()));
    return looks;
  }

  private static void add(Map<Pattern, Mean> means, Pattern pattern, double value) {
    means.computeIfAbsent(pattern, p -> new Mean()).add(value);
  }

  private static final class Mean {
    private double sum;
    private int count;

    void add(double value) {
      sum += value;
      count++;
    }

    double value() {
      return count == 0 ? Double.NaN : sum / count;
    }
  }
}
