package dev.sonde.spark;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;

/**
 * The workers of an executor. Each has been told whose shards it will compute and has a model open,
 * so that it is kept between tasks; there are as many as tasks have run at once.
 */
final class ExecutorChildren {
  /** Those of this executor: its tasks have nothing else in common. */
  static final ExecutorChildren HERE = new ExecutorChildren();

  private final Deque<ExecutorChild> idle = new ArrayDeque<>();
  private byte[] told = new byte[0];

  private ExecutorChildren() {}

  /** A worker that nobody uses, for some assignment. */
  synchronized Optional<ExecutorChild> take(byte[] assignment) {
    if (!Arrays.equals(told, assignment)) {
      idle.forEach(ExecutorChild::end);
      idle.clear();
      told = assignment.clone();
    }
    return Optional.ofNullable(idle.poll());
  }

  /** Keeps a worker for later tasks of its assignment. */
  synchronized void keep(ExecutorChild child, byte[] assignment) throws IOException {
    if (Arrays.equals(told, assignment)) {
      idle.push(child);
    } else {
      child.end();
    }
  }
}
