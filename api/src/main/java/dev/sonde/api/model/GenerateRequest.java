package dev.sonde.api.model;

import java.util.List;

/** What one generation over a set of sequences should produce. */
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

  private GenerateRequest(List<Sequence> sequences, Sampling sampling, int[] stopTokens) {
    this(sequences, sampling, stopTokens.clone(), List.of(), List.of(), List.of());
  }

  /**
   * Greedy continuation of each sequence by at most {@link Sequence#maxNewTokens()} tokens.
   *
   * @param stopTokens a sequence ends after the first of these, which is part of its output
   */
  public static GenerateRequest greedy(List<Sequence> sequences, int... stopTokens) {
    return new GenerateRequest(sequences, Sampling.greedy(), stopTokens);
  }

  /**
   * Drawn continuations, {@link Sequence#samples()} of each sequence; what is drawn depends on the
   * sequence's seed and on nothing else in the request.
   */
  public static GenerateRequest sampled(
      List<Sequence> sequences, Sampling sampling, int... stopTokens) {
    return new GenerateRequest(sequences, sampling, stopTokens);
  }

  /**
   * The same, ended also by texts: with the token that completes one, which may hold more.
   *
   * @param texts none of them empty
   * @param vocabulary what each token adds to a text: {@link dev.sonde.api.text.Tokenizer#pieces}
   */
  public GenerateRequest stoppingAt(List<String> texts, List<String> vocabulary) {
    return new GenerateRequest(sequences, sampling, stopTokens, texts, vocabulary, points);
  }

  /** The same, with activations at some points of each step. */
  public GenerateRequest reading(List<HookPoint> wanted) {
    return new GenerateRequest(sequences, sampling, stopTokens, stopStrings, pieces, wanted);
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

  /**
   * Whether a generation ends after the last of its tokens.
   *
   * @param generated its new tokens
   * @param count how many of them there are, at least one
   */
  public boolean stopsAfter(int[] generated, int count) {
    for (int stop : stopTokens) {
      if (stop == generated[count - 1]) {
        return true;
      }
    }
    return stopStrings.stream().anyMatch(text -> completes(text, generated, count));
  }

  /** Whether the last token completes a text. */
  private boolean completes(String text, int[] generated, int count) {
    StringBuilder tail = new StringBuilder();
    int before = count - 1;
    while (before > 0 && tail.length() < text.length()) {
      tail.insert(0, pieces.get(generated[--before]));
    }
    int from = Math.max(0, tail.length() - text.length() + 1);
    return (tail.substring(from) + pieces.get(generated[count - 1])).contains(text);
  }
}
