package dev.sonde.engine.store;

import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Sequence;
import dev.sonde.engine.model.OpenModel;
import dev.sonde.engine.shard.ShardTask;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One shard captured by an open model. */
public final class ShardCapture {
  private ShardCapture() {}

  /**
   * Captures a shard into the store: its chunks are complete when this returns. What another
   * process has stored by now is not captured again.
   */
  public static void into(ActivationStore store, OpenModel model, ShardTask.Capture task) {
    List<Read> missing =
        task.reads().stream()
            .filter(
                read ->
                    !store.isSound(
                        key(model, read),
                        task.shard().hash(),
                        RowLayout.of(read, task.tokens()).rows()))
            .toList();
    if (missing.isEmpty()) {
      return;
    }
    try (Finishing finishing = new Finishing(store)) {
      finishing.begin(
          filled(store, model, new ShardTask.Capture(task.shard(), task.tokens(), missing)));
    }
  }

  /**
   * Captures a shard; its writers are filled and not finished. The model forgets what it kept of
   * earlier ones, so that the bytes follow from this one's tokens, wherever it is computed.
   */
  static Collection<RowWriter> filled(
      ActivationStore store, OpenModel model, ShardTask.Capture task) {
    model.forget();
    ForwardRequest request =
        ForwardRequest.of(task.tokens().stream().map(Sequence::of).toList()).readEach(task.reads());
    Map<Read, RowWriter> writers = new HashMap<>();
    try (ActivationStream stream = model.forward(request)) {
      while (stream.next()) {
        for (Rows rows : stream.batch().rows()) {
          writers
              .computeIfAbsent(rows.read(), read -> writer(store, model, task, rows))
              .accept(rows);
        }
      }
      return writers.values();
    } catch (Throwable e) { // a backend's error as well leaves nothing behind
      writers.values().forEach(RowWriter::close);
      throw e;
    }
  }

  private static RowWriter writer(
      ActivationStore store, OpenModel model, ShardTask.Capture task, Rows rows) {
    RowLayout layout = RowLayout.of(rows.read(), task.tokens());
    return store.writer(key(model, rows.read()), task.shard().hash(), layout, rows.width());
  }

  /** Under what a read of a model is kept. */
  static StoreKey key(OpenModel model, Read read) {
    ModelInfo info = model.info();
    String backend =
        "%s/%s %s".formatted(model.plugin().id(), model.backendName(), model.plugin().version());
    return new StoreKey(info.contentHash(), backend, info.dtype(), read);
  }
}
