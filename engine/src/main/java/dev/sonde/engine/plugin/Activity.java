package dev.sonde.engine.plugin;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Which plugins are being called right now, and when there was a last sign that work goes on: a
 * call that begins or ends, or progress that is reported.
 */
public final class Activity {
  private final Map<Thread, Deque<Call>> calls = new ConcurrentHashMap<>();
  private final AtomicLong lastSign = new AtomicLong(System.nanoTime());

  /** Nothing is being called. */
  public Activity() {}

  private record Call(String plugin, long since) {}

  /** Runs code of a plugin on this thread. */
  public <T> T during(String plugin, Supplier<T> code) {
    Thread thread = Thread.currentThread();
    sign();
    Deque<Call> mine = calls.computeIfAbsent(thread, t -> new ArrayDeque<>());
    synchronized (mine) {
      mine.push(new Call(plugin, System.nanoTime()));
    }
    try {
      return code.get();
    } finally {
      sign();
      synchronized (mine) {
        mine.pop();
        if (mine.isEmpty()) {
          calls.remove(thread);
        }
      }
    }
  }

  /** Work goes on. */
  public void sign() {
    lastSign.set(System.nanoTime());
  }

  /** The plugin whose code a thread runs; the innermost where one calls another. */
  Optional<String> on(Thread thread) {
    return Optional.ofNullable(calls.get(thread)).flatMap(Activity::innermost).map(Call::plugin);
  }

  /** The call that began last on any thread. */
  Optional<String> latest() {
    return latestCall().map(entry -> entry.getValue().plugin());
  }

  private Optional<Map.Entry<Thread, Call>> latestCall() {
    return calls.entrySet().stream()
        .flatMap(e -> innermost(e.getValue()).map(call -> Map.entry(e.getKey(), call)).stream())
        .max(Comparator.comparingLong(entry -> entry.getValue().since()));
  }

  private static Optional<Call> innermost(Deque<Call> calls) {
    synchronized (calls) {
      return Optional.ofNullable(calls.peek());
    }
  }

  /**
   * A plugin that is being called without any sign of going on.
   *
   * @param plugin its id
   * @param thread where it is being called
   */
  record Stall(String plugin, Thread thread) {}

  /** Whether a plugin is being called and there was no sign for so long. */
  Optional<Stall> stalledFor(Duration limit) {
    return System.nanoTime() - lastSign.get() < limit.toNanos()
        ? Optional.empty()
        : latestCall().map(entry -> new Stall(entry.getValue().plugin(), entry.getKey()));
  }
}
