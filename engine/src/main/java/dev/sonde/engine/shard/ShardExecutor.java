package dev.sonde.engine.shard;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.function.Consumer;

/**
 * Has shards computed, somewhere. Which shards there are never depends on it, and a shard's bytes
 * follow from the task alone: every executor gives the same run.
 */
public interface ShardExecutor extends AutoCloseable {
  /**
   * Returns when every result lies where it belongs.
   *
   * @param tasks none of them done yet; their order is the order of the results, not of the work
   * @param here computes them in this process, for executors that do
   * @param finished is told of each task as it is done, on the calling thread
   */
  void execute(List<ShardTask> tasks, ShardWorker here, Consumer<ShardTask> finished);

  /** The kinds of processors other than this process's own that computed shards. */
  default SortedSet<String> processors() {
    return Collections.emptySortedSet();
  }

  /** Ends what was started to compute. */
  @Override
  default void close() {}

  /** One shard after the other, in this process and on the calling thread. */
  static ShardExecutor local() {
    return (tasks, here, finished) ->
        tasks.forEach(
            task -> {
              here.compute(task);
              finished.accept(task);
            });
  }
}
