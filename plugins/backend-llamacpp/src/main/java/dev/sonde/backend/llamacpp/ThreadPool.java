package dev.sonde.backend.llamacpp;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Threads that wait for the next piece of a graph. Without them ggml starts new ones for every
 * piece, and a pass has as many pieces as nodes are looked at.
 */
final class ThreadPool implements AutoCloseable {
  private final LlamaLibrary library;
  private final MemorySegment pool;

  private ThreadPool(LlamaLibrary library, MemorySegment pool) {
    this.library = library;
    this.pool = pool;
  }

  /** Starts threads; none where one does the work, or the processor's library has no pools. */
  static Optional<ThreadPool> of(LlamaLibrary library, int threads) {
    Optional<MethodHandle> create = library.ofProcessor("ggml_threadpool_new", ADDRESS, ADDRESS);
    if (threads < 2 || create.isEmpty()) {
      return Optional.empty();
    }
    MethodHandle fill = library.handle("ggml_threadpool_params_init", null, ADDRESS, JAVA_INT);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment parameters = arena.allocate(Layouts.POOL_SIZE, Long.BYTES);
      Foreign.run(
          () -> {
            fill.invokeExact(parameters, threads);
          });
      parameters.set(JAVA_INT, Layouts.POOL_POLL, 0); // who waits sleeps
      MemorySegment pool = Foreign.call(() -> (MemorySegment) create.get().invokeExact(parameters));
      return pool.address() == 0 ? Optional.empty() : Optional.of(new ThreadPool(library, pool));
    }
  }

  /** Has a context use these threads. */
  void attach(MemorySegment context) {
    MethodHandle attach =
        library.handle("llama_attach_threadpool", null, ADDRESS, ADDRESS, ADDRESS);
    Foreign.run(
        () -> {
          attach.invokeExact(context, pool, pool);
        });
  }

  @Override
  public void close() {
    library
        .ofProcessor("ggml_threadpool_free", null, ADDRESS)
        .ifPresent(
            free ->
                Foreign.run(
                    () -> {
                      free.invokeExact(pool);
                    }));
  }
}
