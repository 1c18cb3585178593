package dev.sonde.packing;

import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Batch;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Function;

/**
 * A stream over packed batches. It computes no further than the next read group needs; the memory
 * of a batch is released when the next one is asked for, so that a late read throws.
 */
public final class BatchStream implements ActivationStream {
  private final Iterator<PackedBatch> batches;
  private final Function<PackedBatch, BatchComputation> begin;
  private Optional<BatchComputation> pass = Optional.empty();
  private Optional<Readout.Ready> current = Optional.empty();

  /**
   * A stream.
   *
   * @param begin starts the computation of a batch
   */
  public BatchStream(Iterator<PackedBatch> batches, Function<PackedBatch, BatchComputation> begin) {
    this.batches = batches;
    this.begin = begin;
  }

  @Override
  public boolean next() {
    release();
    while (current.isEmpty() && (pass.isPresent() || batches.hasNext())) {
      BatchComputation running = pass.orElseGet(() -> begin.apply(batches.next()));
      pass = Optional.of(running);
      current = running.readout().poll();
      if (current.isEmpty() && !running.advance()) {
        running.readout().end();
        end();
      }
    }
    return current.isPresent();
  }

  @Override
  public Batch batch() {
    return current
        .map(Readout.Ready::batch)
        .orElseThrow(() -> new IllegalStateException("there is no current batch"));
  }

  @Override
  public void close() {
    release();
    end();
    while (batches.hasNext()) {
      batches.next();
    }
  }

  private void release() {
    current.ifPresent(ready -> ready.memory().close());
    current = Optional.empty();
  }

  private void end() {
    pass.ifPresent(
        running -> {
          running.readout().close();
          running.close();
        });
    pass = Optional.empty();
  }
}
