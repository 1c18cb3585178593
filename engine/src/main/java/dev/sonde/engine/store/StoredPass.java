package dev.sonde.engine.store;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.Read;
import dev.sonde.engine.host.Progress;
import dev.sonde.engine.pass.Pass;
import dev.sonde.engine.pass.Shard;
import dev.sonde.engine.shard.ShardExecutor;
import dev.sonde.engine.shard.ShardTask;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * The stored activations of a pass. What is missing is captured shard by shard; what is there is
 * not touched. Each shard is a request of its own, so that an interrupted capture goes on where it
 * stopped and the batches of one shard do not depend on another.
 */
public final class StoredPass {
  private final ActivationStore store;
  private final Pass pass;

  /** The activations of a pass in a store; nothing is run yet. */
  public StoredPass(ActivationStore store, Pass pass) {
    this.store = store;
    this.pass = pass;
  }

  /** The pass. */
  public Pass pass() {
    return pass;
  }

  /** What is still to be captured of all that is known to be read, if all stored is sound. */
  public List<ShardTask.Capture> missing() {
    return tasks(pass.reads(), (read, shard) -> store.has(key(read), shard.hash()));
  }

  private List<ShardTask.Capture> tasks(List<Read> reads, BiPredicate<Read, Shard> stored) {
    return pass.shards().stream()
        .map(
            shard ->
                new ShardTask.Capture(
                    shard,
                    pass.tokens(shard),
                    reads.stream().distinct().filter(read -> !stored.test(read, shard)).toList()))
        .filter(task -> !task.reads().isEmpty())
        .toList();
  }

  private boolean isSound(Read read, Shard shard) {
    long rows = RowLayout.of(read, pass.tokens(shard)).rows();
    return store.isSound(key(read), shard.hash(), rows);
  }

  /**
   * Has the executor capture what is missing of some reads, or stored but damaged.
   *
   * @return what was captured
   */
  public List<ShardTask.Capture> ensure(
      List<Read> reads, ShardExecutor executor, Progress progress) {
    List<ShardTask.Capture> missing = tasks(reads, this::isSound);
    if (missing.isEmpty()) {
      return missing;
    }
    long total = missing.stream().mapToLong(task -> task.shard().rows()).sum();
    long[] done = {0};
    progress.at("capturing", 0, total);
    try (Finishing finishing = new Finishing(store)) {
      executor.execute(
          List.copyOf(missing),
          task -> {
            if (task instanceof ShardTask.Capture capture) {
              finishing.begin(ShardCapture.filled(store, pass.model(), capture));
            }
          },
          task -> {
            if (task instanceof ShardTask.Capture capture) {
              done[0] += capture.shard().rows();
            }
            progress.at("capturing", done[0], total);
          });
    }
    return missing;
  }

  /**
   * Whether {@link #matrix} is a file of the store as it is mapped, and so takes no memory of its
   * own; else it is copied together.
   */
  public boolean isMapped() {
    return pass.shards().size() == 1;
  }

  /** The stored rows of a read, in the order of the token rows. */
  public Matrix matrix(Read read) {
    return stored(read, pass.shards());
  }

  /** The width of the stored rows of a read. */
  public int width(Read read) {
    return stored(read, List.of(pass.shards().getFirst())).columns();
  }

  /** Copies the stored rows of a read, shard by shard, so that memory does not grow with them. */
  public void copyTo(Read read, MemorySegment target) {
    long offset = 0;
    for (Shard shard : pass.shards()) {
      MemorySegment rows = stored(read, List.of(shard)).segment();
      MemorySegment.copy(rows, 0, target, offset, rows.byteSize());
      offset += rows.byteSize();
    }
  }

  private Matrix stored(Read read, List<Shard> shards) {
    for (Shard shard : shards) {
      if (!isSound(read, shard)) {
        throw new InvalidInputException(
            "the stored rows of %s are gone or damaged; run again to compute them".formatted(read));
      }
    }
    return store.read(key(read), shards.stream().map(Shard::hash).toList());
  }

  private StoreKey key(Read read) {
    return ShardCapture.key(pass.model(), read);
  }
}
