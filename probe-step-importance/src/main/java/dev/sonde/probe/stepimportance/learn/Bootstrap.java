package dev.sonde.probe.stepimportance.learn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Intervals by drawing whole groups of chains with replacement. */
public final class Bootstrap {
  private static final int DRAWS = 2000;
  private static final double TAIL = 0.025;

  private final List<int[]> groups;
  private final int[] all;
  private final List<int[]> draws = new ArrayList<>();

  /**
   * The draws, the same for every figure, so that differences are paired.
   *
   * @param groups the group of each item
   */
  public Bootstrap(List<String> groups, RandomGenerator random) {
    Map<String, List<Integer>> members = new LinkedHashMap<>();
    for (int i = 0; i < groups.size(); i++) {
      members.computeIfAbsent(groups.get(i), group -> new ArrayList<>()).add(i);
    }
    this.groups =
        members.values().stream().map(m -> m.stream().mapToInt(i -> i).toArray()).toList();
    this.all = IntStream.range(0, groups.size()).toArray();
    for (int draw = 0; draw < DRAWS && !this.groups.isEmpty(); draw++) {
      draws.add(random.ints(this.groups.size(), 0, this.groups.size()).toArray());
    }
  }

  /**
   * A figure with its 95 % interval.
   *
   * @param low NaN, as is high, where the figure exists in no draw
   */
  public record Estimate(double value, double low, double high) {}

  /** A figure of some items, given by their indices, an index as often as it was drawn. */
  public Estimate of(ToDoubleFunction<int[]> figure) {
    double[] values =
        draws.stream()
            .mapToDouble(draw -> figure.applyAsDouble(items(draw)))
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    return new Estimate(
        figure.applyAsDouble(all), quantile(values, TAIL), quantile(values, 1 - TAIL));
  }

  /** The mean of some values, one per item. */
  public Estimate ofMean(double[] values) {
    return of(
        items -> Arrays.stream(items).mapToDouble(i -> values[i]).average().orElse(Double.NaN));
  }

  /** The share of the items that are marked. */
  public Estimate ofShare(boolean[] marked) {
    double[] values = new double[marked.length];
    Arrays.setAll(values, i -> marked[i] ? 1 : 0);
    return ofMean(values);
  }

  private int[] items(int[] draw) {
    return Arrays.stream(draw).flatMap(group -> Arrays.stream(groups.get(group))).toArray();
  }

  private static double quantile(double[] sorted, double share) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  }
}
