package dev.sonde.trials;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Model;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How far changes of activations move the model's predictions on neutral text: the Kullback–Leibler
 * divergence of the changed next-token distribution from the unchanged one, in nats a token. A loss
 * may stay the same by luck; this is zero only where nothing changed.
 */
public final class Drift {
  /** Tokens of a text that are looked at: whole distributions of all of them are held at once. */
  private static final int TOKENS = 64;

  private Drift() {}

  /**
   * Runs texts as they are and changed in several ways, such as steered by each dose.
   *
   * @param ways the changes that each makes
   * @return per way and text the mean over tokens; no way where the model gives no logits
   */
  public static double[][] of(Model model, List<int[]> texts, List<List<Intervention>> ways) {
    if (!model.capabilities().supports(HookPoint.LOGITS)) {
      return new double[0][];
    }
    double[][] perDose = new double[ways.size()][texts.size()];
    for (int text = 0; text < texts.size(); text++) {
      int[] tokens = Arrays.copyOf(texts.get(text), Math.min(TOKENS, texts.get(text).length));
      double[][] plain = new double[tokens.length][];
      read(model, List.of(Sequence.of(tokens)), (sequence, place, row) -> plain[place] = row);
      List<Sequence> steered = new ArrayList<>();
      for (List<Intervention> changes : ways) {
        steered.add(Sequence.of(tokens).intervene(changes));
      }
      int own = text;
      read(
          model,
          steered,
          (sequence, place, row) ->
              perDose[sequence][own] += divergence(plain[place], row) / tokens.length);
    }
    return perDose;
  }

  /** Takes the log-probabilities of the next token at one place of a sequence. */
  private interface Taker {
    void take(int sequence, int place, double[] logProbabilities);
  }

  private static void read(Model model, List<Sequence> sequences, Taker taker) {
    model
        .forward(ForwardRequest.of(sequences).read(Read.of(HookPoint.LOGITS, Selector.all())))
        .forEach(
            batch -> {
              Rows rows = batch.rows().getFirst();
              Matrix all =
                  Matrix.of(rows.values(), Matrix.Type.FLOAT32, rows.count(), rows.width());
              for (int row = 0; row < rows.count(); row++) {
                taker.take(rows.sequences()[row], rows.places()[row], logSoftmax(all.row(row)));
              }
            });
  }

  private static double[] logSoftmax(double[] logits) {
    double most = Arrays.stream(logits).max().orElse(0);
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit - most);
    }
    double normaliser = most + Math.log(sum);
    Arrays.setAll(logits, token -> logits[token] - normaliser);
    return logits;
  }

  /** {@code Σ p (log p − log q)}; at least 0, whatever rounding does. */
  public static double divergence(double[] logP, double[] logQ) {
    double sum = 0;
    for (int token = 0; token < logP.length; token++) {
      sum += Math.exp(logP[token]) * (logP[token] - logQ[token]);
    }
    return Math.max(0, sum);
  }
}
