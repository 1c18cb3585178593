package dev.sonde.engine.worker;

import dev.sonde.engine.host.Progress;
import dev.sonde.engine.shard.ShardExecutor;
import dev.sonde.engine.shard.ShardTask;
import dev.sonde.engine.shard.ShardWorker;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Shards that workers compute. Their results lie in the store and in the run's folder before they
 * are answered, so that what is carried is small.
 */
public final class CarriedShards implements ShardExecutor {
  private static final System.Logger LOG = System.getLogger(CarriedShards.class.getName());

  private final Frame assignment;
  private final Carrier carrier;
  private final Progress progress;
  private final SortedSet<String> processors = new TreeSet<>();

  /** Shards of one run, carried by a carrier that is closed with it. */
  public CarriedShards(Assignment assignment, Carrier carrier, Progress progress) {
    this.assignment = assignment.frame();
    this.carrier = carrier;
    this.progress = progress;
  }

  @Override
  public void execute(List<ShardTask> tasks, ShardWorker here, Consumer<ShardTask> finished) {
    if (tasks.isEmpty()) {
      return;
    }
    carrier.carry(
        assignment,
        tasks.stream().map(TaskForm::of).toList(),
        new Carrier.Hearer() {
          @Override
          public void answered(int task, Frame answer) {
            ShardAnswer.require(answer);
            processors.add(answer.text("processor"));
            finished.accept(tasks.get(task));
          }

          @Override
          public void heard(Frame remark) {
            hear(remark);
          }
        });
  }

  private void hear(Frame remark) {
    String text = remark.text("text");
    switch (remark.kind()) {
      case Remark.PROGRESS -> progress.alive();
      case Remark.WARNING -> progress.warning(text);
      case Remark.LOG -> LOG.log(Remark.level(remark), text);
      default -> LOG.log(System.Logger.Level.DEBUG, "a worker says {0}", remark.kind());
    }
  }

  @Override
  public SortedSet<String> processors() {
    return processors;
  }

  @Override
  public void close() {
    carrier.close();
  }
}
