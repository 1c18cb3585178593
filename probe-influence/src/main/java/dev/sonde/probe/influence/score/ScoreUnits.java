package dev.sonde.probe.influence.score;

import java.util.Arrays;

/**
 * How scores are reported: divided by the nats of the query's completion, and by the number of
 * documents that the model was trained on, since a document has that part of the loss.
 *
 * @param nats the queries' {@code −log P(completion)}
 * @param training number of training documents
 */
public record ScoreUnits(double[] nats, long training) {
  /** Below this −log P is rounding: float32 has 1e-7 of a logit, and a completion some tokens. */
  private static final double FEWEST_NATS = 1e-6;

  /** Per query what a method's scores are multiplied with. */
  double[] of(Method method) {
    return method.variant().isEmpty()
        ? Arrays.stream(nats).map(any -> 1).toArray()
        : Arrays.stream(nats).map(own -> 1 / (Math.max(own, FEWEST_NATS) * training)).toArray();
  }
}
