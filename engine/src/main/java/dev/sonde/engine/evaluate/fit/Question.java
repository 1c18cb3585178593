package dev.sonde.engine.evaluate.fit;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.engine.evaluate.fit.Measure.Agreement;
import dev.sonde.engine.evaluate.fit.Measure.Contribution;
import dev.sonde.engine.evaluate.fit.Measure.Part;
import dev.sonde.statistics.Auroc;
import dev.sonde.statistics.Correlation;
import dev.sonde.statistics.Groups;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What of held-out scores is asked: how rows rank, whichever, between groups, or inside them. */
public enum Question {
  /** All pairs of rows of a fold. */
  ALL,
  /**
   * Pairs of rows of different groups of a fold; of graded labels Spearman's correlation of the
   * groups' means.
   */
  BETWEEN,
  /**
   * Pairs of rows of one group: of contrast pairs the share of pairs in the right order. Of graded
   * labels Spearman's correlation inside groups, weighted by rows.
   */
  INSIDE;

  /**
   * What those rows say that are held out together.
   *
   * @param scores one per row of the data set
   * @param rows those held out
   */
  List<Part> parts(double[] scores, Targets targets, int[] rows, Groups groups) {
    if (this == ALL) {
      return List.of(part(scores, targets, rows));
    }
    List<Part> inside =
        byGroup(rows, groups).stream()
            .filter(some -> targets.select(some).vary())
            .map(some -> part(scores, targets, some))
            .toList();
    if (this == INSIDE) {
      return inside;
    }
    if (Merit.of(targets) == Merit.SPEARMAN) {
      return List.of(new Part(rows, ofGroupMeans(scores, targets, rows, groups)));
    }
    List<Part> between = new ArrayList<>(List.of(part(scores, targets, rows)));
    inside.forEach(
        part -> between.add(new Part(part.rows(), w -> part.agreement().of(w).negated())));
    return between;
  }

  private static Part part(double[] scores, Targets targets, int[] rows) {
    double[] own = Arrays.stream(rows).mapToDouble(row -> scores[row]).toArray();
    Targets labels = targets.select(rows);
    return new Part(
        rows,
        Merit.of(labels) == Merit.AUROC
            ? Agreement.auroc(own, labels)
            : Agreement.spearman(own, labels));
  }

  private static List<int[]> byGroup(int[] rows, Groups groups) {
    Map<Integer, List<Integer>> members = new LinkedHashMap<>();
    for (int row : rows) {
      members.computeIfAbsent(groups.of(row), group -> new ArrayList<>()).add(row);
    }
    return members.values().stream()
        .map(some -> some.stream().mapToInt(Integer::intValue).toArray())
        .toList();
  }

  private static Agreement ofGroupMeans(
      double[] scores, Targets targets, int[] rows, Groups groups) {
    List<int[]> members = byGroup(rows, groups);
    Map<Integer, Integer> place = new LinkedHashMap<>();
    double[] score = new double[members.size()];
    double[] target = new double[members.size()];
    for (int g = 0; g < score.length; g++) {
      int[] some = members.get(g);
      place.put(groups.of(some[0]), g);
      for (int row : some) {
        score[g] += scores[row] / some.length;
        target[g] += targets.value(row) / some.length;
      }
    }
    int[] groupOf = Arrays.stream(rows).map(row -> place.get(groups.of(row))).toArray();
    Correlation correlation = Correlation.ofRanks(score, target);
    return weights -> {
      double[] ofGroups = new double[score.length];
      for (int i = 0; i < weights.length; i++) {
        ofGroups[groupOf[i]] += weights[i] / members.get(groupOf[i]).length;
      }
      double all = Arrays.stream(ofGroups).sum();
      double r = correlation.ofPrediction(ofGroups);
      return Double.isNaN(r) || all == 0 ? Contribution.NONE : new Contribution(all * r, all);
    };
  }

  /**
   * What all rows of a fold and those of each of its groups say, counted once each, faster: for one
   * labeling among many.
   *
   * @param held the fold's rows, and those of each of its groups
   * @param asked which questions
   */
  public static Map<Question, Contribution> once(
      double[] scores, Targets targets, Held held, Groups groups, Collection<Question> asked) {
    if (!targets.isBinary()) {
      Map<Question, Contribution> each = new EnumMap<>(Question.class);
      for (Question question : asked) {
        each.put(
            question,
            question.parts(scores, targets, held.rows(), groups).stream()
                .map(Part::once)
                .reduce(Contribution.NONE, Contribution::plus));
      }
      return each;
    }
    boolean whole = asked.contains(ALL) || asked.contains(BETWEEN);
    Contribution all = whole ? pairs(scores, targets, held.rows()) : Contribution.NONE;
    Contribution between = all;
    Contribution inside = Contribution.NONE;
    if (asked.contains(BETWEEN) || asked.contains(INSIDE)) {
      for (int[] some : held.ofGroups()) {
        Contribution own = pairs(scores, targets, some);
        between = between.plus(own.negated());
        inside = inside.plus(own);
      }
    }
    return Map.of(ALL, all, BETWEEN, between, INSIDE, inside);
  }

  private static Contribution pairs(double[] scores, Targets targets, int[] rows) {
    double[] own = new double[rows.length];
    boolean[] positive = new boolean[rows.length];
    for (int i = 0; i < rows.length; i++) {
      own[i] = scores[rows[i]];
      positive[i] = targets.positive(rows[i]);
    }
    Auroc.Pairs pairs = Auroc.count(own, positive);
    return new Contribution(pairs.concordant(), pairs.all());
  }

  /**
   * Rows that are held out together.
   *
   * @param rows all of them
   * @param ofGroups those of each group that has several
   */
  public record Held(int[] rows, List<int[]> ofGroups) {
    /** The rows of a split's test side. */
    public static Held of(Split split, Groups groups) {
      return new Held(
          split.test(),
          byGroup(split.test(), groups).stream().filter(some -> some.length > 1).toList());
    }
  }
}
