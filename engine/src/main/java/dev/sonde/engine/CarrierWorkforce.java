package dev.sonde.engine;

import dev.sonde.engine.host.Processor;
import dev.sonde.engine.host.Progress;
import dev.sonde.engine.shard.ShardExecutor;
import dev.sonde.engine.worker.Assignment;
import dev.sonde.engine.worker.CarriedShards;
import dev.sonde.engine.worker.Carrier;
import dev.sonde.engine.worker.Frame;
import dev.sonde.engine.worker.Workforce;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Workers that a program outside the engine reaches.
 *
 * @param carrier the program's
 * @param ownKindOnly whether processors of another kind than this machine's are refused
 */
record CarrierWorkforce(ShardCarrier carrier, boolean ownKindOnly) implements Workforce {
  private static final int SECONDS_BETWEEN_SIGNS = 5;

  @Override
  public ShardExecutor of(Assignment assignment, Progress progress) {
    return new CarriedShards(
        ownKindOnly ? assignment.on(Processor.kind()) : assignment,
        (frame, tasks, hearer) -> carry(frame, tasks, hearer, progress),
        progress);
  }

  /** Workers watch over plugins themselves; here the work counts as going on while they have it. */
  private void carry(
      Frame assignment, List<Frame> tasks, Carrier.Hearer hearer, Progress progress) {
    try (ScheduledExecutorService signs =
        Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory())) {
      ScheduledFuture<?> sign =
          signs.scheduleAtFixedRate(
              progress::alive, SECONDS_BETWEEN_SIGNS, SECONDS_BETWEEN_SIGNS, TimeUnit.SECONDS);
      try {
        carrier.carry(
            assignment.bytes(),
            tasks.stream().map(Frame::bytes).toList(),
            (task, frames) -> {
              frames.subList(0, frames.size() - 1).stream().map(Frame::of).forEach(hearer::heard);
              hearer.answered(task, Frame.of(frames.getLast()));
            });
      } finally {
        sign.cancel(true);
      }
    }
  }
}
