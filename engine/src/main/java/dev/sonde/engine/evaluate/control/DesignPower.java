package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.engine.data.LabelledStudy;
import dev.sonde.engine.evaluate.fit.Folds;
import dev.sonde.engine.evaluate.fit.Measure.Contribution;
import dev.sonde.engine.evaluate.fit.Merit;
import dev.sonde.engine.evaluate.fit.Question;
import dev.sonde.engine.evaluate.fit.Question.Held;
import dev.sonde.engine.evaluate.fit.Scored;
import dev.sonde.engine.evaluate.fit.Split;
import dev.sonde.engine.experiment.Seeds;
import dev.sonde.statistics.Groups;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * How often the test of {@code decodable} would find effects of several sizes with the rows, groups
 * and labels of a data set: features are made up, everything else is as it is. A row has eight
 * features of noise, a third of whose variance its group shares, and the effect along one of them;
 * the decoder is the difference of class means (of graded labels the slope) at one hook point, on
 * one partition into folds. More hook points and features need larger effects.
 */
public final class DesignPower {
  private static final int FEATURES = 8;
  private static final double SHARED = 1.0 / 3;
  private static final int DRAWS = 99;
  private static final double[] AUROCS = {0.6, 0.7, 0.8, 0.9};
  private static final double[] CORRELATIONS = {0.2, 0.4, 0.6};

  /** Rows that are simulated: beyond that power is near 1 for all these effects. */
  private static final int ROWS = 1000;

  /** Rows of all simulations of one effect together, which bounds the time to a second or two. */
  private static final int WORK = 20_000;

  private static final int MOST = 100;
  private static final int LEAST = 40;

  private final Targets targets;
  private final Groups groups;
  private final List<Split> splits;
  private final List<Held> held;
  private final Permutations permutations;
  private final Seeds seeds;

  private DesignPower(Targets targets, List<String> groups, boolean pairs, int folds, Seeds seeds) {
    this.targets = targets;
    this.groups = Groups.of(groups);
    this.splits = Folds.splits(Folds.grouped(groups, folds, seeds.random("outer folds")));
    this.held = splits.stream().map(split -> Held.of(split, this.groups)).toList();
    this.permutations = new Permutations(targets, groups, pairs);
    this.seeds = seeds;
  }

  /** What a data set can show, in sentences; none where it has no labels. */
  public static List<String> of(LabelledStudy study, int folds, Seeds seeds) {
    if (study.targets().isEmpty() || !study.targets().get().vary()) {
      return List.of();
    }
    List<String> groups = TextGroups.of(study).groups();
    Targets targets = study.targets().get();
    List<String> lines = new ArrayList<>();
    Limits.fewGroups(targets, Groups.of(groups))
        .ifPresent(
            few ->
                lines.add(
                    "whatever the effect, nothing can be told: %s; it takes %s"
                        .formatted(few.because(), few.needed())));
    if (lines.isEmpty()) {
      int[] rows = some(groups);
      List<String> chosen = IntStream.of(rows).mapToObj(groups::get).toList();
      Targets labels = targets.select(rows);
      if (!labels.vary()) {
        return List.of();
      }
      lines.add(new DesignPower(labels, chosen, !study.pairs().isEmpty(), folds, seeds).sentence());
    }
    return lines;
  }

  /** The rows of whole groups, as many as are simulated. */
  private static int[] some(List<String> groups) {
    Set<String> taken = new LinkedHashSet<>();
    int rows = 0;
    for (String group : groups) {
      if (rows < ROWS) {
        taken.add(group);
      }
      rows++;
    }
    return IntStream.range(0, groups.size())
        .filter(row -> taken.contains(groups.get(row)))
        .toArray();
  }

  private String sentence() {
    boolean classes = Merit.of(targets) == Merit.AUROC;
    List<String> found = new ArrayList<>();
    int simulations = Math.clamp(WORK / targets.size(), LEAST, MOST);
    for (double effect : classes ? AUROCS : CORRELATIONS) {
      found.add(
          String.format(Locale.ROOT, "%.1f in %.0f %%", effect, 100 * power(effect, simulations)));
    }
    return "with %d rows in %d groups, p is at most 0.01 for an effect of %s %s (%d simulated data sets each, one hook point)"
        .formatted(
            targets.size(),
            groups.count(),
            classes ? "AUROC" : "correlation",
            String.join(", ", found),
            simulations);
  }

  /** The share of made-up data sets in which an effect is found. */
  double power(double effect, int simulations) {
    double found =
        IntStream.range(0, simulations)
            .parallel()
            .mapToDouble(i -> p(effect, seeds.random("power " + effect + " " + i)) <= 0.01 ? 1 : 0)
            .sum();
    return found / simulations;
  }

  private double p(double effect, RandomGenerator random) {
    double[][] features = features(effect, random);
    double observed = figure(features, targets);
    int reached = 0;
    for (int draw = 0; draw < DRAWS && reached == 0; draw++) {
      reached += figure(features, permutations.draw(random)) >= observed ? 1 : 0;
    }
    return (1.0 + reached) / (DRAWS + 1);
  }

  private double[][] features(double effect, RandomGenerator random) {
    double[][] ofGroups = new double[groups.count()][FEATURES];
    for (double[] each : ofGroups) {
      Arrays.setAll(each, c -> random.nextGaussian());
    }
    double mean = targets.mean();
    double deviation =
        Math.sqrt(
            IntStream.range(0, targets.size())
                .mapToDouble(row -> (targets.value(row) - mean) * (targets.value(row) - mean))
                .average()
                .orElse(1));
    boolean classes = targets.isBinary();
    double shift = classes ? Math.sqrt(2) * quantile(effect) : effect;
    double rest = classes ? 1 : Math.sqrt(1 - effect * effect);
    double[][] features = new double[targets.size()][FEATURES];
    for (int row = 0; row < features.length; row++) {
      double[] ofGroup = ofGroups[groups.of(row)];
      for (int c = 0; c < FEATURES; c++) {
        features[row][c] =
            rest * (Math.sqrt(SHARED) * ofGroup[c] + Math.sqrt(1 - SHARED) * random.nextGaussian());
      }
      features[row][0] +=
          shift * (classes ? targets.value(row) : (targets.value(row) - mean) / deviation);
    }
    return features;
  }

  /** Where a standard normal variable lies below with a probability, by bisection. */
  private static double quantile(double probability) {
    double low = 0;
    double high = 6;
    for (int step = 0; step < 60; step++) {
      double middle = (low + high) / 2;
      if (below(middle) < probability) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }

  /** The normal distribution function at z above 0, by its power series. */
  private static double below(double z) {
    double term = z;
    double sum = z;
    for (int n = 1; n < 200; n++) {
      term *= z * z / (2 * n + 1);
      sum += term;
    }
    return 0.5 + sum * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  }

  private double figure(double[][] features, Targets labels) {
    double[] scores = new double[labels.size()];
    Contribution sum = Contribution.NONE;
    for (int s = 0; s < splits.size(); s++) {
      double[] direction = direction(features, labels, splits.get(s).train());
      for (int row : splits.get(s).test()) {
        for (int c = 0; c < FEATURES; c++) {
          scores[row] += direction[c] * features[row][c];
        }
      }
      sum =
          sum.plus(
              Question.once(scores, labels, held.get(s), groups, List.of(Question.ALL))
                  .getOrDefault(Question.ALL, Contribution.NONE));
    }
    return Scored.rank(sum.value());
  }

  private static double[] direction(double[][] features, Targets labels, int[] train) {
    double mean = Arrays.stream(train).mapToDouble(labels::value).average().orElse(0);
    double[] direction = new double[FEATURES];
    for (int row : train) {
      double apart = labels.value(row) - mean;
      for (int c = 0; c < FEATURES; c++) {
        direction[c] += apart * features[row][c];
      }
    }
    return direction;
  }
}
