package dev.sonde.engine.shard;

/** Computes shards in this process. */
@FunctionalInterface
public interface ShardWorker {
  /** Computes a shard and puts its result where it belongs: the store, or the run's folder. */
  void compute(ShardTask task);
}
