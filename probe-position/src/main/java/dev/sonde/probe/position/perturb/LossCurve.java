package dev.sonde.probe.position.perturb;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.Artifact;
import java.util.ArrayList;
import java.util.List;

/**
 * The loss of tokens over where they stand in a long context.
 *
 * @param extension what was done that the model reads it, by its name in metrics
 * @param tokens of a part of the context
 * @param nats mean loss of the scored tokens of each part; no number where none is scored
 */
public record LossCurve(String extension, int tokens, double[] nats) {
  /** Parts of a trained window. */
  static final int PARTS = 4;

  private static final String SUMS = "curve.sums.";
  private static final String COUNTS = "curve.counts.";

  /** Adds losses of texts to what a shard gives. */
  static Artifact with(Artifact found, String extension, Losses losses, int tokens) {
    int parts = Math.ceilDiv(losses.perText()[0].length, tokens);
    double[] sums = new double[parts];
    double[] counts = new double[parts];
    for (double[] text : losses.perText()) {
      for (int token = 0; token < text.length; token++) {
        if (!Double.isNaN(text[token])) {
          sums[token / tokens] += text[token];
          counts[token / tokens]++;
        }
      }
    }
    return found.with(SUMS + extension, row(sums)).with(COUNTS + extension, row(counts));
  }

  private static Matrix row(double[] values) {
    return Matrix.of(Matrix.Type.FLOAT64, new double[][] {values});
  }

  /** The curves of all texts of some shards. */
  static List<LossCurve> of(List<Artifact> shards, int tokens) {
    List<LossCurve> curves = new ArrayList<>();
    for (ContextExtension extension : ContextExtension.values()) {
      String name = extension.key();
      if (shards.getFirst().tensors().containsKey(SUMS + name)) {
        double[] nats = new double[shards.getFirst().tensor(SUMS + name).columns()];
        for (int part = 0; part < nats.length; part++) {
          double sum = 0;
          double count = 0;
          for (Artifact shard : shards) {
            sum += shard.tensor(SUMS + name).get(0, part);
            count += shard.tensor(COUNTS + name).get(0, part);
          }
          nats[part] = sum / count;
        }
        curves.add(new LossCurve(name, tokens, nats));
      }
    }
    return curves;
  }
}
