package dev.sonde.probe.position.report;

import dev.sonde.api.report.ClaimEvidence;
import dev.sonde.api.report.Metric;
import dev.sonde.probe.position.estimate.HeadMedian;
import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Estimate;

/** Whether what a token means adds to where it stands, more than in a model that learnt nothing. */
public final class ContentGain {
  /** Logits that move by less change attention by less than a twentieth. */
  private static final double SMALL_SPREAD = 0.05;

  private ContentGain() {}

  /**
   * The evidence.
   *
   * @param own R² that g(q, k) adds to f, {@code [heads, texts]}
   * @param fresh the same of a model with fresh weights
   * @param spread of the model's logits, in nats, {@code [heads, texts]}
   * @param heads draws of a model's heads
   */
  public static ClaimEvidence claim(
      double[][] own, double[][] fresh, double[][] spread, ClusterBootstrap heads) {
    Estimate nats = HeadMedian.of(spread);
    return ClaimEvidence.of(
            "meaning_beside_position",
            "Does what a token means add to where it stands in attention's logits, more than in a model that learnt nothing?")
        .above("R² that g(q, k) adds to f", gain(HeadMedian.of(own)), 0, "nothing added")
        .above(
            "spread of the logits",
            Metric.of("logits.spread", nats.value()).interval(nats.low(), nats.high()).unit("nats"),
            SMALL_SPREAD,
            "logits that hardly move")
        .testedByItsInterval()
        .rival(
            "fresh weights",
            gain(HeadMedian.of(fresh)),
            gain(HeadMedian.difference(own, fresh, heads)));
  }

  private static Metric gain(Estimate estimate) {
    return Metric.of("gain.content", estimate.value()).interval(estimate.low(), estimate.high());
  }
}
