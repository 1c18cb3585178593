package dev.sonde.api.model;

import java.util.List;

/** What one generation over a set of sequences should produce. */
public final class GenerateRequest {
  private final List<Sequence> sequences;
  private final Sampling sampling;
  private final int[] stopTokens;
  private final List<HookPoint> points;

  private GenerateRequest(
      List<Sequence> sequences, Sampling sampling, int[] stopTokens, List<HookPoint> points) {
    this.sequences = List.copyOf(sequences);
    this.sampling = sampling;
    this.stopTokens = stopTokens;
    this.points = List.copyOf(points);
  }

  /**
   * Greedy continuation of each sequence by at most {@link Sequence#maxNewTokens()} tokens.
   *
   * @param stopTokens a sequence ends after the first of these, which is part of its output
   */
  public static GenerateRequest greedy(List<Sequence> sequences, int... stopTokens) {
    return new GenerateRequest(sequences, Sampling.greedy(), stopTokens.clone(), List.of());
  }

  /**
   * Drawn continuations, {@link Sequence#samples()} of each sequence; what is drawn depends on the
   * sequence's seed and on nothing else in the request.
   */
  public static GenerateRequest sampled(
      List<Sequence> sequences, Sampling sampling, int... stopTokens) {
    return new GenerateRequest(sequences, sampling, stopTokens.clone(), List.of());
  }

  /** The same, with activations at some points of each step. */
  public GenerateRequest reading(List<HookPoint> wanted) {
    return new GenerateRequest(sequences, sampling, stopTokens, wanted);
  }

  /** What is read of each step. */
  public List<HookPoint> points() {
    return points;
  }

  /** The items. */
  public List<Sequence> sequences() {
    return sequences;
  }

  /** How tokens are chosen. */
  public Sampling sampling() {
    return sampling;
  }

  /** Whether a generation ends with that token. */
  public boolean stopsAt(int token) {
    for (int stop : stopTokens) {
      if (stop == token) {
        return true;
      }
    }
    return false;
  }
}
