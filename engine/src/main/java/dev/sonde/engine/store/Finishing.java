package dev.sonde.engine.store;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Finishes the chunks of one request while the next is computed, so that nobody waits for checksums
 * and the disk. At most one request's are under way.
 */
final class Finishing implements AutoCloseable {
  private final ActivationStore store;
  private List<RowWriter> writers = List.of();
  private CompletableFuture<Void> running = CompletableFuture.completedFuture(null);

  Finishing(ActivationStore store) {
    this.store = store;
  }

  /**
   * Begins with some chunks once those before are finished.
   *
   * @throws RuntimeException what finishing those before threw
   */
  synchronized void begin(Collection<RowWriter> filled) {
    try {
      close();
    } catch (RuntimeException e) {
      filled.forEach(RowWriter::close);
      throw e;
    }
    List<RowWriter> begun = List.copyOf(filled);
    writers = begun;
    running =
        CompletableFuture.runAsync(
            () -> begun.forEach(RowWriter::finish),
            work -> Thread.ofPlatform().name("finishing chunks").start(work));
  }

  /**
   * Waits for what is under way.
   *
   * @throws RuntimeException what finishing it threw
   */
  @Override
  public synchronized void close() {
    List<RowWriter> finishing = writers;
    writers = List.of();
    try {
      running.join();
      finishing.forEach(writer -> store.note(writer.file()));
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    } finally {
      running = CompletableFuture.completedFuture(null);
      finishing.forEach(RowWriter::close);
    }
  }
}
