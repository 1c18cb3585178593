package dev.sonde.probe.stepimportance.score;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.Artifact;
import dev.sonde.probe.stepimportance.chain.LeftOut;
import dev.sonde.probe.stepimportance.chain.Mask;
import dev.sonde.probe.stepimportance.chain.SkipReason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * The scores of a chain's subsets.
 *
 * @param id the row's
 * @param steps texts of the steps
 * @param scores in the order in which they were asked for
 * @param orders orders of steps that Shapley values are means over
 */
record ScoredChain(String id, List<String> steps, List<Score> scores, List<List<Integer>> orders) {
  private static final int MEASURES = 3;

  ScoredChain {
    steps = List.copyOf(steps);
    scores = List.copyOf(scores);
    orders = orders.stream().map(List::copyOf).toList();
  }

  /**
   * What a subset leads to.
   *
   * @param logProbability of the accepted answer's tokens behind the elicitation, in nats
   * @param accuracy of sampled answers; NaN where none were sampled
   * @param perplexity of the kept steps behind the prompt; NaN of none
   */
  record Score(Mask mask, double logProbability, double accuracy, double perplexity) {}

  private Map<Mask, Double> logProbabilities() {
    Map<Mask, Double> known = new HashMap<>();
    scores.forEach(score -> known.put(score.mask(), score.logProbability()));
    return known;
  }

  /** What leaving each step out takes from the answer's log-probability; NaN where not scored. */
  double[] leaveOneOut() {
    Map<Mask, Double> known = logProbabilities();
    Mask all = Mask.first(steps.size());
    double[] values = new double[steps.size()];
    for (int step = 0; step < values.length; step++) {
      values[step] =
          known.getOrDefault(all, Double.NaN) - known.getOrDefault(all.without(step), Double.NaN);
    }
    return values;
  }

  /** The mean over the orders of what each step adds to those before it; NaN without orders. */
  double[] shapley() {
    Map<Mask, Double> known = logProbabilities();
    double[] values = new double[steps.size()];
    for (List<Integer> order : orders) {
      Mask mask = Mask.of();
      for (int step : order) {
        double before = known.getOrDefault(mask, Double.NaN);
        mask = mask.with(step);
        values[step] += (known.getOrDefault(mask, Double.NaN) - before) / orders.size();
      }
    }
    if (orders.isEmpty()) {
      Arrays.fill(values, Double.NaN);
    }
    return values;
  }

  /** The scores under names that begin with the row's index. */
  Artifact artifact(int row) {
    String name = row + ".";
    double[][] cells = new double[scores.size()][];
    Artifact own =
        Artifact.empty()
            .with(name + "id", id)
            .with(name + "lengths", steps.stream().mapToLong(String::length).toArray())
            .with(name + "steps", String.join("", steps));
    for (int i = 0; i < cells.length; i++) {
      Score score = scores.get(i);
      cells[i] = new double[] {score.logProbability(), score.accuracy(), score.perplexity()};
      own = own.with(name + "mask." + i, longs(score.mask().steps()));
    }
    own = own.with(name + "scores", Matrix.of(Matrix.Type.FLOAT64, cells));
    own = own.with(name + "orders", orders.size());
    for (int i = 0; i < orders.size(); i++) {
      own = own.with(name + "order." + i, orders.get(i).stream().mapToLong(s -> s).toArray());
    }
    return own;
  }

  private static long[] longs(int... values) {
    return Arrays.stream(values).asLongStream().toArray();
  }

  /** The chain of a row that was written by {@link #artifact}. */
  static ScoredChain of(Artifact from, int row) {
    String name = row + ".";
    List<String> steps = new ArrayList<>();
    String text = from.text(name + "steps");
    int at = 0;
    for (long length : from.integers(name + "lengths")) {
      steps.add(text.substring(at, at + (int) length));
      at += (int) length;
    }
    Matrix cells = from.tensor(name + "scores");
    List<Score> scores = new ArrayList<>();
    for (int i = 0; i < cells.rows(); i++) {
      double[] values = cells.row(i);
      if (values.length != MEASURES) {
        throw new IllegalStateException("scores of another version");
      }
      Mask mask =
          Mask.of(
              LongStream.of(from.integers(name + "mask." + i))
                  .mapToInt(Math::toIntExact)
                  .toArray());
      scores.add(new Score(mask, values[0], values[1], values[2]));
    }
    List<List<Integer>> orders = new ArrayList<>();
    for (int i = 0; i < from.integers(name + "orders")[0]; i++) {
      orders.add(
          LongStream.of(from.integers(name + "order." + i)).mapToObj(Math::toIntExact).toList());
    }
    return new ScoredChain(from.text(name + "id"), steps, scores, orders);
  }

  /** Why a row was not scored, under names that begin with its index. */
  static Artifact leftOut(int row, LeftOut left) {
    return Artifact.empty()
        .with(row + ".skipped", left.reason().name())
        .with(row + ".measured", left.measured());
  }

  /** The reason that was written for a row. */
  static LeftOut leftOut(Artifact from, int row) {
    return LeftOut.of(
        SkipReason.valueOf(from.text(row + ".skipped")), from.text(row + ".measured"));
  }
}
