package dev.sonde.api.model;

import dev.sonde.api.ApiStatus;
import java.util.List;

/**
 * What one generation over a set of sequences should produce. A sequence ends after {@link
 * Sequence#maxNewTokens()} tokens, after a stop token, or with the token that completes a stop
 * string.
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public final class GenerateRequest {
  private final List<Sequence> sequences;
  private final Sampling sampling;
  private final int[] stopTokens;
  private final List<String> stopStrings;
  private final List<String> pieces;
  private final List<HookPoint> points;

  private GenerateRequest(
      List<Sequence> sequences,
      Sampling sampling,
      int[] stopTokens,
      List<String> stopStrings,
      List<String> pieces,
      List<HookPoint> points) {
    this.sequences = List.copyOf(sequences);
    this.sampling = sampling;
    this.stopTokens = stopTokens;
    this.stopStrings = List.copyOf(stopStrings);
    this.pieces = List.copyOf(pieces);
    this.points = List.copyOf(points);
  }

  /**
   * Greedy continuation of each sequence by at most {@link Sequence#maxNewTokens()} tokens.
   *
   * @param stopTokens a sequence ends after the first of these, which is part of its output
   */
  public static GenerateRequest greedy(List<Sequence> sequences, int... stopTokens) {
    return sampled(sequences, Sampling.greedy(), stopTokens);
  }

  /**
   * Drawn continuations, {@link Sequence#samples()} of each sequence; what is drawn depends on the
   * sequence's seed and on nothing else in the request.
   */
  public static GenerateRequest sampled(
      List<Sequence> sequences, Sampling sampling, int... stopTokens) {
    return new GenerateRequest(
        sequences, sampling, stopTokens.clone(), List.of(), List.of(), List.of());
  }

  /**
   * The same, ended also by texts: with the token that completes one, which may hold more.
   *
   * @param texts none of them empty
   */
  public GenerateRequest stoppingAt(List<String> texts) {
    return new GenerateRequest(sequences, sampling, stopTokens, texts, pieces, points);
  }

  /** The same, with activations at some points of each step. */
  public GenerateRequest reading(List<HookPoint> wanted) {
    return new GenerateRequest(sequences, sampling, stopTokens, stopStrings, pieces, wanted);
  }

  /**
   * The same, with what each token adds to a text. Whoever runs a model with its tokenizer at hand
   * adds it where there are stop strings and the backend does not announce {@link
   * Capabilities#STOP_STRINGS}, so that backends need no tokenizer.
   *
   * @param vocabulary by token id: {@link dev.sonde.api.text.Tokenizer#pieces}
   */
  public GenerateRequest withPieces(List<String> vocabulary) {
    return new GenerateRequest(sequences, sampling, stopTokens, stopStrings, vocabulary, points);
  }

  /** The items. */
  public List<Sequence> sequences() {
    return sequences;
  }

  /** How tokens are chosen. */
  public Sampling sampling() {
    return sampling;
  }

  /** Token ids that end a sequence and are part of its output. */
  public int[] stopTokens() {
    return stopTokens.clone();
  }

  /** Texts that end a sequence, with the token that completes one. */
  public List<String> stopStrings() {
    return stopStrings;
  }

  /** What each token adds to a text, by token id; empty where nobody said. */
  public List<String> pieces() {
    return pieces;
  }

  /** What is read of each step. */
  public List<HookPoint> points() {
    return points;
  }
}
