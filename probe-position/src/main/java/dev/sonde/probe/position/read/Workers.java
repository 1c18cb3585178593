package dev.sonde.probe.position.read;

import dev.sonde.api.SondeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads for arithmetic, as many as processors. */
public final class Workers implements AutoCloseable {
  private final ExecutorService threads =
      Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
  private final List<Future<?>> running = new ArrayList<>();

  /** Threads that wait for work. */
  public Workers() {}

  /** Hands over some work. */
  public void submit(Runnable work) {
    running.add(threads.submit(work));
  }

  /** Waits for all that was submitted; throws what it threw. */
  public void join() {
    for (Future<?> each : running) {
      try {
        each.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SondeException("interrupted", e);
      } catch (ExecutionException e) {
        throw e.getCause() instanceof RuntimeException cause
            ? cause
            : new IllegalStateException(e.getCause());
      }
    }
    running.clear();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
