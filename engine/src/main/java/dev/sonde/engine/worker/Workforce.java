package dev.sonde.engine.worker;

import dev.sonde.engine.host.Progress;
import dev.sonde.engine.shard.ShardExecutor;
import java.util.Optional;

/** Who computes the shards of a run or a capture. */
public interface Workforce {
  /**
   * An executor for the shards of one run, closed at its end.
   *
   * @param assignment whose shards they are
   * @param progress hears that work goes on
   */
  ShardExecutor of(Assignment assignment, Progress progress);

  /** Who has whole probes computed apart from the run; empty where that is not asked for. */
  default Optional<Workforce> apart() {
    return Optional.empty();
  }

  /** This process. */
  static Workforce here() {
    return by(ShardExecutor.local());
  }

  /** One executor, whoever asks. */
  static Workforce by(ShardExecutor executor) {
    return (assignment, progress) -> executor;
  }
}
