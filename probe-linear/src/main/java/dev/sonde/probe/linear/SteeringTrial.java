package dev.sonde.probe.linear;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Model;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** Some rows, run as they are and steered, their answers scored. */
final class SteeringTrial {
  /** Sequences of one request: enough to fill batches, few enough to show progress. */
  private static final int MOST_SEQUENCES = 4096;

  private final Model model;
  private final AnswerTokens tokens;
  private final int size;
  private final int[] rows;
  private final Selector selector;
  private final double[][] unsteered;

  /**
   * Runs the rows as they are.
   *
   * @param size number of rows of the study
   * @param rows those to run
   * @param selector the tokens that are changed
   */
  SteeringTrial(Model model, AnswerTokens tokens, int size, int[] rows, Selector selector) {
    this.model = model;
    this.tokens = tokens;
    this.size = size;
    this.rows = rows.clone();
    this.selector = selector;
    this.unsteered = model.logProbabilities(plain());
  }

  private List<Sequence> plain() {
    return IntStream.of(rows).mapToObj(tokens::sequence).toList();
  }

  /** The unsteered log-probability of each row's own answer; NaN for other rows. */
  double[] unsteered() {
    double[] own = new double[size];
    Arrays.fill(own, Double.NaN);
    for (int i = 0; i < rows.length; i++) {
      own[rows[i]] = unsteered[i][0];
    }
    return own;
  }

  /** Of each of the rows, the token of its answers that is most probable unsteered. */
  int[] chosen() {
    return IntStream.range(0, rows.length)
        .map(
            i -> {
              int[] offered = tokens.answers().getOrDefault(rows[i], new int[0]);
              return offered[mostProbable(unsteered[i])];
            })
        .toArray();
  }

  /** The states that steering changes. */
  List<double[]> states(HookPoint point) {
    List<double[]> states = new ArrayList<>();
    ForwardRequest request = ForwardRequest.of(plain()).read(Read.of(point, selector));
    model.forward(request).forEach(batch -> addStates(batch.rows().getFirst(), states));
    return states;
  }

  private static void addStates(Rows rows, List<double[]> states) {
    Matrix all = Matrix.of(rows.values(), Matrix.Type.FLOAT32, rows.count(), rows.width());
    IntStream.range(0, rows.count()).mapToObj(all::row).forEach(states::add);
  }

  /** The effects of one vector. */
  Effects steered(Steer steer, List<Dose> doses, List<HookPoint> points) {
    return steered(List.of(steer), doses, points, done -> {}).getFirst();
  }

  /** The effects of each vector; the consumer is told how many are done. */
  List<Effects> steered(
      List<Steer> steers, List<Dose> doses, List<HookPoint> points, IntConsumer progress) {
    int together = Math.max(1, MOST_SEQUENCES / (rows.length * doses.size()));
    List<Effects> effects = new ArrayList<>();
    for (int from = 0; from < steers.size(); from += together) {
      List<Steer> some = steers.subList(from, Math.min(from + together, steers.size()));
      List<Sequence> sequences = new ArrayList<>();
      for (Steer steer : some) {
        for (Dose dose : doses) {
          var interventions = dose.along(steer, points, selector);
          for (int row : rows) {
            sequences.add(tokens.sequence(row).intervene(interventions));
          }
        }
      }
      double[][] scores = model.logProbabilities(sequences);
      for (int s = 0; s < some.size(); s++) {
        effects.add(effects(doses, scores, s * doses.size() * rows.length));
      }
      progress.accept(effects.size());
    }
    return effects;
  }

  private Effects effects(List<Dose> doses, double[][] scores, int first) {
    double[][] change = new double[doses.size()][size];
    double[][] flipped = new double[doses.size()][size];
    int next = first;
    for (int dose = 0; dose < doses.size(); dose++) {
      Arrays.fill(change[dose], Double.NaN);
      Arrays.fill(flipped[dose], Double.NaN);
      for (int i = 0; i < rows.length; i++) {
        double[] now = scores[next++];
        change[dose][rows[i]] = now[0] - unsteered[i][0];
        flipped[dose][rows[i]] = mostProbable(now) == mostProbable(unsteered[i]) ? 0 : 1;
      }
    }
    return new Effects(doses, rows, change, flipped);
  }

  private static int mostProbable(double[] scores) {
    return IntStream.range(0, scores.length)
        .reduce((a, b) -> scores[b] > scores[a] ? b : a)
        .orElseThrow();
  }
}
