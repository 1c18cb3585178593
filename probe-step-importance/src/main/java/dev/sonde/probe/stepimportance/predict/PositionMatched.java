package dev.sonde.probe.stepimportance.predict;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Pairs of an important and a removable step at the same place of their texts: what tells the two
 * apart is not where they stand.
 *
 * @param important indices of steps
 * @param removable for each, the index of the other
 */
record PositionMatched(List<Integer> important, List<Integer> removable) {
  /** How far apart the relative positions of a pair may be. */
  private static final double NEAR = 0.05;

  PositionMatched {
    important = List.copyOf(important);
    removable = List.copyOf(removable);
  }

  /**
   * As many pairs as going through both kinds in order of their positions finds.
   *
   * @param positions from 0 to 1
   */
  static PositionMatched of(double[] positions, boolean[] labels) {
    List<Integer> one = ordered(positions, labels, true);
    List<Integer> other = ordered(positions, labels, false);
    List<Integer> important = new ArrayList<>();
    List<Integer> removable = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < one.size() && j < other.size()) {
      double apart = positions[one.get(i)] - positions[other.get(j)];
      if (Math.abs(apart) <= NEAR) {
        important.add(one.get(i++));
        removable.add(other.get(j++));
      } else if (apart > 0) {
        j++;
      } else {
        i++;
      }
    }
    return new PositionMatched(important, removable);
  }

  private static List<Integer> ordered(double[] positions, boolean[] labels, boolean label) {
    return IntStream.range(0, labels.length)
        .filter(i -> labels[i] == label)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> positions[i]))
        .toList();
  }

  int size() {
    return important.size();
  }

  /** Per pair, 1 where the important step has the higher score, 0 where the other, else a half. */
  double[] won(double[] scores) {
    return IntStream.range(0, size())
        .mapToDouble(
            pair -> {
              int sign = Double.compare(scores[important.get(pair)], scores[removable.get(pair)]);
              return sign > 0 ? 1 : sign < 0 ? 0 : 0.5;
            })
        .toArray();
  }
}
