package dev.sonde.engine.evaluate.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.IntConsumer;

/** Work on several things at once, as many as there are processors. */
public final class AtOnce {
  private AtOnce() {}

  /**
   * What work gives for each of some things, in their order.
   *
   * @param begun hears, on the calling thread, of how many the result is known
   */
  public static <T, R> List<R> each(List<T> things, Function<T, R> work, IntConsumer begun) {
    int threads = Math.min(Runtime.getRuntime().availableProcessors(), things.size());
    List<R> results = new ArrayList<>();
    if (threads < 2) {
      for (T thing : things) {
        begun.accept(results.size());
        results.add(work.apply(thing));
      }
      return results;
    }
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<R>> under =
          things.stream().map(thing -> pool.submit(() -> work.apply(thing))).toList();
      try {
        for (Future<R> one : under) {
          begun.accept(results.size());
          results.add(one.get());
        }
      } catch (ExecutionException e) {
        under.forEach(one -> one.cancel(true));
        throw unchecked(Optional.ofNullable(e.getCause()).orElse(e));
      } catch (InterruptedException e) {
        under.forEach(one -> one.cancel(true));
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }
    return results;
  }

  private static RuntimeException unchecked(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException runtime ? runtime : new IllegalStateException(cause);
  }
}
