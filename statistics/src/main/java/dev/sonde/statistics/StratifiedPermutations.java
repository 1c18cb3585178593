package dev.sonde.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Labelings under the null hypothesis that labels do not depend on what is measured <em>beyond a
 * nuisance</em>: every labeling keeps what the nuisance tells of the labels.
 *
 * <p>Between groups: they are parted into strata by the mean of the nuisance over their rows, and
 * exchange their rates or means with groups of the same stratum, as {@link GroupPermutations} does.
 * Strata hold equally many groups, at least five, and there are ten at most; a nuisance of as few
 * values has a stratum for each.
 *
 * <p>Inside groups: labels are dealt to rows by the odds that the nuisance gives them. A row's
 * weight is {@code exp(βz)}, where β is fitted to how labels and the nuisance go together inside
 * groups; the largest label goes to a row drawn by weight, and so on (Berrett et al. 2020 exchange
 * labels by odds for the same reason). Of contrast pairs this is a coin that falls as often as the
 * nuisance alone would have it.
 */
public final class StratifiedPermutations {
  /** Beyond so many strata little is gained: five take out nine tenths of a bias (Cochran 1968). */
  private static final int MOST = 10;

  /** So few groups in a stratum still have labels to exchange. */
  private static final int FEWEST = 5;

  private final double[] labels;
  private final Groups groups;
  private final boolean between;
  private final int[] strata;
  private final List<int[]> rows = new ArrayList<>();
  private final List<GroupPermutations> each = new ArrayList<>();
  private final OddsInside odds;

  /**
   * Exchanges that keep a nuisance.
   *
   * @param labels one per row; graded where there are more than two values
   * @param nuisance one per row: what labels may depend on
   */
  public StratifiedPermutations(double[] labels, Groups groups, double[] nuisance) {
    this.labels = labels.clone();
    this.groups = groups;
    this.between = new GroupPermutations(labels, groups).betweenGroups();
    this.strata = between ? ofGroups(groups, nuisance) : parted(nuisance);
    this.odds = OddsInside.of(labels, groups, nuisance);
    int count = between ? Arrays.stream(strata).max().orElse(-1) + 1 : 0;
    for (int s = 0; s < count; s++) {
      int stratum = s;
      int[] own = IntStream.range(0, strata.length).filter(r -> strata[r] == stratum).toArray();
      rows.add(own);
      each.add(
          new GroupPermutations(
              Arrays.stream(own).mapToDouble(row -> labels[row]).toArray(),
              Groups.of(Arrays.stream(own).mapToObj(groups::of).toList())));
    }
  }

  private static int[] ofGroups(Groups groups, double[] nuisance) {
    double[] means = new double[groups.count()];
    Arrays.setAll(
        means,
        group ->
            Arrays.stream(groups.rows(group))
                .mapToDouble(row -> nuisance[row])
                .average()
                .orElseThrow());
    int[] ofGroups = parted(means);
    return IntStream.range(0, nuisance.length).map(row -> ofGroups[groups.of(row)]).toArray();
  }

  /** The stratum of each value, from 0; equal values are in one, and none is empty. */
  private static int[] parted(double[] values) {
    double[] distinct = Arrays.stream(values).distinct().sorted().toArray();
    int count = Math.clamp(values.length / FEWEST, 1, MOST);
    if (distinct.length <= count) {
      return Arrays.stream(values).mapToInt(v -> Arrays.binarySearch(distinct, v)).toArray();
    }
    double[] ranks = Ranks.of(values);
    int[] parts =
        Arrays.stream(ranks).mapToInt(r -> (int) ((r - 0.5) * count / values.length)).toArray();
    int[] used = Arrays.stream(parts).distinct().sorted().toArray();
    return Arrays.stream(parts).map(part -> Arrays.binarySearch(used, part)).toArray();
  }

  /** The stratum of each row, from 0: of its group where groups differ in their labels. */
  public int[] strata() {
    return strata.clone();
  }

  /** The labels of a labeling drawn at random, one per row. */
  public double[] draw(RandomGenerator random) {
    double[] drawn = labels.clone();
    for (int s = 0; s < rows.size(); s++) {
      double[] exchanged = each.get(s).draw(random);
      int[] places = rows.get(s);
      for (int i = 0; i < places.length; i++) {
        drawn[places[i]] = exchanged[i];
      }
    }
    for (int[] own : groups.members()) {
      odds.deal(own, drawn, random);
    }
    return drawn;
  }

  /** The smallest p that so many draws, or about as many labelings as there are, can reach. */
  public double smallestReachable(int draws) {
    double logCount =
        each.stream().mapToDouble(own -> own.logCount() - own.logCountInside()).sum()
            + groups.members().stream().mapToDouble(own -> odds.logCount(own, labels)).sum();
    return Math.max(1.0 / (draws + 1), Math.exp(-logCount));
  }
}
