package dev.sonde.api.model;

import dev.sonde.api.ApiStatus;
import java.util.function.Consumer;

/**
 * The batches of a forward request, in the order in which the backend computes them.
 *
 * <pre>{@code
 * backend.forward(request).forEach(batch -> use(batch));
 * }</pre>
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public interface ActivationStream extends AutoCloseable {
  /**
   * Moves to the next batch. The memory of the batch before is released: reading it later throws
   * {@link IllegalStateException}.
   *
   * @return false after the last batch
   */
  boolean next();

  /**
   * The current batch.
   *
   * @throws IllegalStateException before the first {@link #next()} and after the last
   */
  Batch batch();

  /**
   * Hands over every batch that is left, each valid until the next, and closes the stream.
   *
   * @param use keeps copies of what it wants to keep
   */
  default void forEach(Consumer<Batch> use) {
    try (ActivationStream stream = this) {
      while (stream.next()) {
        use.accept(stream.batch());
      }
    }
  }

  /** Releases everything; may be called early and more than once. */
  @Override
  void close();
}
