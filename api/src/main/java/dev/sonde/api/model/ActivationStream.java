package dev.sonde.api.model;

/**
 * The batches of a forward request, in the order in which the backend computes them.
 *
 * <pre>{@code
 * try (var stream = backend.forward(request)) {
 *   while (stream.next()) {
 *     use(stream.batch());
 *   }
 * }
 * }</pre>
 */
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

  /** Releases everything; may be called early and more than once. */
  @Override
  void close();
}
