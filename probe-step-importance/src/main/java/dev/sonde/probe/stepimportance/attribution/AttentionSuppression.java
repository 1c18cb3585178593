package dev.sonde.probe.stepimportance.attribution;

import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.HookPoint;
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
 * How far the distributions of a target's tokens move (Kullback-Leibler divergence in nats, mean
 * over its tokens) when nothing behind the source may attend to it.
 */
public record AttentionSuppression() implements Attribution {
  private static final Read LOGITS = Read.of(HookPoint.LOGITS, Selector.all());

  @Override
  public List<InfluenceMatrix> of(Model model, List<Window> windows, TokenCosts costs) {
    return windows.stream().map(window -> of(model, window, costs)).toList();
  }

  private static InfluenceMatrix of(Model model, Window window, TokenCosts costs) {
    int length = window.tokens().length;
    float[][] plain = logits(model, Sequence.of(window.tokens()), costs);
    double[][] cells = new double[window.size()][window.size()];
    for (int source = 0; source < window.size() - 1; source++) {
      Span hidden = window.spans().get(source);
      Sequence.Blocked blocked =
          new Sequence.Blocked(hidden.to(), length, hidden.from(), hidden.to());
      Sequence sequence = Sequence.of(window.tokens()).block(blocked);
      float[][] without = logits(model, sequence, costs);
      for (int target = source + 1; target < window.size(); target++) {
        cells[target][source] = divergence(window.spans().get(target), plain, without);
      }
    }
    return window.matrix(cells);
  }

  private static float[][] logits(Model model, Sequence sequence, TokenCosts costs) {
    float[][] all = new float[sequence.length()][];
    costs.ran(sequence);
    try (ActivationStream stream =
        model.forward(ForwardRequest.of(List.of(sequence)).read(LOGITS))) {
      while (stream.next()) {
        Rows rows = stream.batch().rows().getFirst();
        for (int row = 0; row < rows.count(); row++) {
          all[rows.places()[row]] = rows.row(row).toArray(ValueLayout.JAVA_FLOAT);
        }
      }
    }
    return all;
  }

  private static double divergence(Span target, float[][] plain, float[][] without) {
    List<Double> each = new ArrayList<>();
    for (int token = target.from(); token < target.to(); token++) {
      each.add(divergence(plain[token - 1], without[token - 1]));
    }
    return each.stream().mapToDouble(d -> d).average().orElse(0);
  }

  /** {@code KL(softmax(p) ‖ softmax(q))} in nats. */
  static double divergence(float[] p, float[] q) {
    double logOfP = logSumOfExponentials(p);
    double logOfQ = logSumOfExponentials(q);
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      double logP = p[i] - logOfP;
      sum += Math.exp(logP) * (logP - (q[i] - logOfQ));
    }
    return Math.max(0, sum);
  }

  private static double logSumOfExponentials(float[] logits) {
    double largest = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      largest = Math.max(largest, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - largest);
    }
    return largest + Math.log(sum);
  }
}
