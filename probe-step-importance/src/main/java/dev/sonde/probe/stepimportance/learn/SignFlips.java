package dev.sonde.probe.stepimportance.learn;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Tests whether one classifier is right more often than another on the same rows: differences are
 * summed by group, and chance is what exchanging the two in whole groups gives.
 */
public final class SignFlips {
  private final List<String> groups;
  private final int draws;

  /** A test of rows with these groups. */
  public SignFlips(List<String> groups, int draws) {
    this.groups = List.copyOf(groups);
    this.draws = draws;
  }

  /** The one-sided p of the first being better. */
  public double p(boolean[] first, boolean[] second, RandomGenerator random) {
    Map<String, Integer> differences = new LinkedHashMap<>();
    for (int i = 0; i < first.length; i++) {
      int difference = (first[i] ? 1 : 0) - (second[i] ? 1 : 0);
      differences.merge(groups.get(i), difference, Integer::sum);
    }
    int[] sums = differences.values().stream().mapToInt(d -> d).toArray();
    int observed = IntStream.of(sums).sum();
    int reached = 1;
    for (int draw = 0; draw < draws; draw++) {
      int total = 0;
      for (int sum : sums) {
        total += random.nextBoolean() ? sum : -sum;
      }
      if (total >= observed) {
        reached++;
      }
    }
    return reached / (draws + 1.0);
  }

  /** Corrects for having tested several (Holm 1979): one p per given one. */
  public static double[] holm(double... ps) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, ps.length).boxed().toList());
    order.sort(Comparator.comparingDouble(i -> ps[i]));
    double[] corrected = new double[ps.length];
    double largest = 0;
    for (int rank = 0; rank < ps.length; rank++) {
      int i = order.get(rank);
      largest = Math.max(largest, Math.min(1, ps[i] * (ps.length - rank)));
      corrected[i] = largest;
    }
    return corrected;
  }
}
