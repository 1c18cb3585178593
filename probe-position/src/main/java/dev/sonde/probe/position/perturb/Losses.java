package dev.sonde.probe.position.perturb;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Model;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * What each token of some texts costs, in nats.
 *
 * @param perText {@code [texts][tokens]}; no number where a token was not scored
 */
public record Losses(double[][] perText) {
  /** Runs sequences and scores their targets, one a position. */
  static Losses of(Model model, List<Sequence> sequences) {
    double[][] losses = new double[sequences.size()][];
    for (int text = 0; text < losses.length; text++) {
      losses[text] = new double[sequences.get(text).length()];
      Arrays.fill(losses[text], Double.NaN);
    }
    double[][] scores = model.logProbabilities(sequences);
    for (int text = 0; text < losses.length; text++) {
      List<Sequence.Target> targets = sequences.get(text).targets();
      for (int target = 0; target < targets.size(); target++) {
        losses[text][targets.get(target).position()] = -scores[text][target];
      }
    }
    return new Losses(losses);
  }

  /** Losses of texts, one part behind the other. */
  static Losses of(List<Losses> parts) {
    return new Losses(
        parts.stream().flatMap(part -> Arrays.stream(part.perText)).toArray(double[][]::new));
  }

  /** Losses from matrices {@code [texts, tokens]}, one behind the other. */
  static Losses joined(List<Matrix> parts) {
    return new Losses(
        parts.stream()
            .flatMap(part -> IntStream.range(0, part.rows()).mapToObj(part::row))
            .toArray(double[][]::new));
  }

  /** The losses of texts of one length, {@code [texts, tokens]} float64. */
  Matrix matrix() {
    return Matrix.of(Matrix.Type.FLOAT64, perText);
  }

  /**
   * How much more the last tokens of a text cost than those of another run.
   *
   * @param tokens how many of them
   * @param counted which, 0 the first of them
   */
  Change change(int text, Losses before, int tokens, IntPredicate counted) {
    double[] now = perText[text];
    double[] then = before.perText[text];
    double sum = 0;
    int count = 0;
    for (int i = 0; i < tokens; i++) {
      double change = now[now.length - tokens + i] - then[then.length - tokens + i];
      if (counted.test(i) && !Double.isNaN(change)) {
        sum += change;
        count++;
      }
    }
    return new Change(sum, count);
  }

  /**
   * How much more the tokens of a text cost than those of another run, in which they may have stood
   * elsewhere.
   *
   * @param places per place of this run, where its token stood in the other
   * @param counted which places of this run
   */
  Change change(int text, Losses before, int[] places, IntPredicate counted) {
    double[] now = perText[text];
    double[] then = before.perText[text];
    double sum = 0;
    int count = 0;
    for (int i = 0; i < now.length; i++) {
      double change = now[i] - then[places[i]];
      if (counted.test(i) && !Double.isNaN(change)) {
        sum += change;
        count++;
      }
    }
    return new Change(sum, count);
  }

  /** The losses of some texts. */
  Losses of(int from, int count) {
    return new Losses(Arrays.copyOfRange(perText, from, from + count));
  }

  /**
   * A change of losses.
   *
   * @param nats over all counted tokens
   * @param tokens how many
   */
  public record Change(double nats, int tokens) {}

  /** How many tokens were scored. */
  int count() {
    return (int)
        Arrays.stream(perText).flatMapToDouble(Arrays::stream).filter(Double::isFinite).count();
  }

  /** {@code e^(mean loss)} over all tokens that were scored. */
  double perplexity() {
    return Math.exp(
        Arrays.stream(perText)
            .flatMapToDouble(Arrays::stream)
            .filter(Double::isFinite)
            .average()
            .orElse(Double.NaN));
  }
}
