package dev.sonde.api.model;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Finished generations, in the order in which they finish. */
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

  /**
   * A finished generation.
   *
   * @param sequence the index of its sequence in the request
   * @param sample which of the sequence's samples
   * @param tokens the new tokens, a stop token included
   * @param logProbabilities per new token, its log-probability in nats, before temperature and cuts
   * @param activations per point that was asked for and new token, the row of the token before it,
   *     from which it was predicted
   */
  record Generation(
      int sequence,
      int sample,
      int[] tokens,
      double[] logProbabilities,
      Map<HookPoint, List<float[]>> activations) {}
}
