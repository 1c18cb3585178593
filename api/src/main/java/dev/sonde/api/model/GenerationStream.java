package dev.sonde.api.model;

import dev.sonde.api.ApiStatus;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Finished generations, in the order in which they finish. */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public interface GenerationStream extends AutoCloseable {
  /**
   * Moves to the next finished generation.
   *
   * @return false after the last
   */
  boolean next();

  /**
   * The current one.
   *
   * @throws IllegalStateException before the first {@link #next()} and after the last
   */
  Generation generation();

  /** Hands over every generation that is left, and closes the stream. */
  default void forEach(Consumer<Generation> use) {
    try (GenerationStream stream = this) {
      while (stream.next()) {
        use.accept(stream.generation());
      }
    }
  }

  /** Releases everything; may be called early and more than once. */
  @Override
  void close();

  /** A finished generation. */
  final class Generation {
    private final int sequence;
    private final int sample;
    private final int[] tokens;
    private final double[] logProbabilities;
    private final Map<HookPoint, List<float[]>> activations;

    private Generation(
        int sequence,
        int sample,
        int[] tokens,
        double[] logProbabilities,
        Map<HookPoint, List<float[]>> activations) {
      this.sequence = sequence;
      this.sample = sample;
      this.tokens = tokens;
      this.logProbabilities = logProbabilities;
      this.activations = activations;
    }

    /**
     * A generation of which no activations were read.
     *
     * @param sequence the index of its sequence in the request
     * @param sample which of the sequence's samples
     * @param tokens the new tokens, a stop token included
     * @param logProbabilities one per new token
     */
    public static Generation of(int sequence, int sample, int[] tokens, double[] logProbabilities) {
      return new Generation(sequence, sample, tokens, logProbabilities, Map.of());
    }

    /** The same with activations: per point one row a new token. */
    public Generation with(Map<HookPoint, List<float[]>> rows) {
      return new Generation(
          sequence, sample, tokens, logProbabilities, Collections.unmodifiableMap(rows));
    }

    /** The same with its first tokens only. */
    public Generation first(int count) {
      Map<HookPoint, List<float[]>> rows = new LinkedHashMap<>();
      activations.forEach((point, all) -> rows.put(point, all.subList(0, count)));
      return of(
              sequence,
              sample,
              Arrays.copyOf(tokens, count),
              Arrays.copyOf(logProbabilities, count))
          .with(rows);
    }

    /** The index of its sequence in the request. */
    public int sequence() {
      return sequence;
    }

    /** Which of the sequence's samples. */
    public int sample() {
      return sample;
    }

    /** The new tokens, a stop token included. */
    public int[] tokens() {
      return tokens;
    }

    /** Per new token, its log-probability in nats, before temperature and cuts. */
    public double[] logProbabilities() {
      return logProbabilities;
    }

    /**
     * Per point that was asked for and new token, the row of the token before it, from which it was
     * predicted.
     */
    public Map<HookPoint, List<float[]>> activations() {
      return activations;
    }
  }
}
