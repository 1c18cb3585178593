package dev.sonde.probe.stepimportance.attribution;

import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.Objective;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.model.Span;
import dev.sonde.api.probe.Model;
import dev.sonde.probe.stepimportance.chain.TokenCosts;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code (E − B) ⊙ g} over a source's tokens: g the gradient of the target's summed probabilities
 * by the input embeddings E, B a baseline. Of one point and with no baseline it is gradient ×
 * input; of several points on the line from B to E, g their mean, integrated gradients.
 *
 * @param points how many points on the line, at {@code 1/n, 2/n … 1}, as in the authors' code
 * @param fromMean whether B is the mean token embedding of the steps; else it is zero and the only
 *     point is E itself
 * @param form what is made of the products
 */
public record GradientTimesInput(int points, boolean fromMean, Form form) implements Attribution {
  private static final Read EMBEDDINGS = Read.of(HookPoint.EMBED, Selector.all());
  private static final Read GRADIENTS = EMBEDDINGS.gradient();

  /**
   * Gradients that are held at once, in numbers: more targets are asked for in several requests.
   */
  private static final long NUMBERS_AT_ONCE = 1 << 24;

  /** What is made of the products of a source's tokens. */
  public enum Form {
    /** Their Frobenius norm, as in the authors' code. */
    NORM,
    /** The absolute value of their sum. */
    SUM
  }

  /** Integrated gradients: five points, as the authors take. */
  public static GradientTimesInput integrated(Form form) {
    return new GradientTimesInput(5, true, form);
  }

  /** Gradient times input. */
  public static GradientTimesInput plain(Form form) {
    return new GradientTimesInput(1, false, form);
  }

  @Override
  public List<InfluenceMatrix> of(Model model, List<Window> windows, TokenCosts costs) {
    return windows.stream().map(window -> of(model, window, costs)).toList();
  }

  private InfluenceMatrix of(Model model, Window window, TokenCosts costs) {
    float[][] embeddings = embeddings(model, window, costs);
    float[] baseline = baseline(window, embeddings);
    double[][] cells = new double[window.size()][window.size()];
    long each = (long) embeddings.length * baseline.length;
    int together = Math.toIntExact(Math.max(1, Math.min(window.size(), NUMBERS_AT_ONCE / each)));
    for (int from = 1; from < window.size(); from += together) {
      int to = Math.min(from + together, window.size());
      float[][][] sums = gradients(model, window, embeddings, baseline, from, to, costs);
      for (int target = from; target < to; target++) {
        for (int source = 0; source < target; source++) {
          Span span = window.spans().get(source);
          cells[target][source] = value(sums[target - from], embeddings, baseline, span);
        }
      }
    }
    return window.matrix(cells);
  }

  private static float[][] embeddings(Model model, Window window, TokenCosts costs) {
    Sequence sequence = Sequence.of(window.tokens());
    costs.ran(sequence);
    float[][] all = new float[window.tokens().length][];
    try (ActivationStream stream =
        model.forward(ForwardRequest.of(List.of(sequence)).read(EMBEDDINGS))) {
      while (stream.next()) {
        Rows rows = stream.batch().rows().getFirst();
        for (int row = 0; row < rows.count(); row++) {
          all[rows.places()[row]] = rows.row(row).toArray(ValueLayout.JAVA_FLOAT);
        }
      }
    }
    return all;
  }

  private float[] baseline(Window window, float[][] embeddings) {
    float[] mean = new float[embeddings[0].length];
    if (!fromMean) {
      return mean;
    }
    int from = window.spans().getFirst().from();
    int to = window.spans().getLast().to();
    for (int token = from; token < to; token++) {
      for (int c = 0; c < mean.length; c++) {
        mean[c] += embeddings[token][c] / (to - from);
      }
    }
    return mean;
  }

  /** Per target from one row to another, the sums of the gradients at all points, by token. */
  private float[][][] gradients(
      Model model,
      Window window,
      float[][] embeddings,
      float[] baseline,
      int from,
      int to,
      TokenCosts costs) {
    float[][][] sums = new float[to - from][embeddings.length][baseline.length];
    List<Sequence> sequences = new ArrayList<>();
    for (int point = 1; point <= points; point++) {
      Sequence sequence = Sequence.of(window.tokens());
      for (int row = from; row < to; row++) {
        sequence = sequence.objective(Objective.probability(window.targets(row)));
      }
      if (fromMean) {
        float[] rows = between(window, embeddings, baseline, (double) point / points);
        sequence =
            sequence.intervene(List.of(Intervention.patch(HookPoint.EMBED, Selector.all(), rows)));
      }
      sequences.add(sequence);
    }
    sequences.forEach(costs::differentiated);
    for (Sequence sequence : sequences) {
      try (ActivationStream stream =
          model.forward(ForwardRequest.of(List.of(sequence)).read(GRADIENTS))) {
        while (stream.next()) {
          Rows rows = stream.batch().rows().getFirst();
          for (int row = 0; row < rows.count(); row++) {
            float[] sum = sums[rows.objectives()[row]][rows.places()[row]];
            for (int c = 0; c < sum.length; c++) {
              sum[c] += rows.row(row).getAtIndex(ValueLayout.JAVA_FLOAT, c);
            }
          }
        }
      }
    }
    return sums;
  }

  /** The embeddings with those of the steps moved towards the baseline. */
  private static float[] between(
      Window window, float[][] embeddings, float[] baseline, double share) {
    int width = baseline.length;
    int first = window.spans().getFirst().from();
    int behind = window.spans().getLast().to();
    float[] rows = new float[embeddings.length * width];
    for (int token = 0; token < embeddings.length; token++) {
      boolean moved = token >= first && token < behind;
      for (int c = 0; c < width; c++) {
        double value = embeddings[token][c];
        rows[token * width + c] =
            (float) (moved ? baseline[c] + share * (value - baseline[c]) : value);
      }
    }
    return rows;
  }

  private double value(float[][] gradients, float[][] embeddings, float[] baseline, Span source) {
    double sum = 0;
    double squares = 0;
    for (int token = source.from(); token < source.to(); token++) {
      for (int c = 0; c < baseline.length; c++) {
        double moved = (double) embeddings[token][c] - baseline[c];
        double product = gradients[token][c] / points * moved;
        sum += product;
        squares += product * product;
      }
    }
    return form == Form.NORM ? Math.sqrt(squares) : Math.abs(sum);
  }
}
