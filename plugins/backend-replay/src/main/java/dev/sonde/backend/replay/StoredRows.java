package dev.sonde.backend.replay;

import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Read;
import dev.sonde.formats.safetensors.Tensor;
import dev.sonde.packing.DenseRows;
import dev.sonde.packing.PackedBatch;
import dev.sonde.packing.Readout;
import dev.sonde.packing.RowSelection;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes the rows of a packed batch out of a recording. */
final class StoredRows implements Readout.Taker {
  /** The place of a row that was reduced over all tokens. */
  private static final int REDUCED = -1;

  private final Recording recording;
  private final HookPoint point;
  private final int width;
  private final PackedBatch batch;

  StoredRows(Recording recording, HookPoint point, int width, PackedBatch batch) {
    this.recording = recording;
    this.point = point;
    this.width = width;
    this.batch = batch;
  }

  @Override
  public Readout.Values take(RowSelection rows, String how, Arena memory) {
    boolean ready = recording.reduction().equals(how) && !how.equals(Read.NONE);
    if (!recording.points().containsKey(point)) {
      return new DenseRows(new float[batch.tokens() * width], width).take(rows, how, memory);
    }
    if (!how.equals(Read.NONE) && !ready) {
      return new DenseRows(cells(), width).take(rows, how, memory);
    }
    MemorySegment taken =
        memory.allocate(Math.max(1L, (long) rows.size() * width) * Float.BYTES, Float.BYTES);
    for (int row = 0; row < rows.size(); row++) {
      int place = rows.sequencePlace(row);
      int position = ready ? REDUCED : rows.from(row) - batch.start(place);
      copy(stored(place, position), taken.asSlice((long) row * width * Float.BYTES));
    }
    return new Readout.Values(taken, width);
  }

  /** The rows of all tokens, {@code [tokens, width]}. */
  private float[] cells() {
    float[] cells = new float[batch.tokens() * width];
    for (int place = 0; place < batch.size(); place++) {
      for (int position = 0; position < batch.length(place); position++) {
        copy(
            stored(place, position),
            MemorySegment.ofArray(cells)
                .asSlice((long) (batch.start(place) + position) * width * Float.BYTES));
      }
    }
    return cells;
  }

  private int stored(int place, int position) {
    Map<Integer, Integer> rows =
        Objects.requireNonNull(
            recording.sequences().get(ReplayBackend.ids(batch.sequence(place))),
            "sequences were checked");
    @Nullable Integer row = rows.get(position);
    if (row == null) {
      throw new UnsupportedCapabilityException(
          "the replayed file has no row of token %d at %s; capture with --tokens all"
              .formatted(position, point));
    }
    return row;
  }

  private void copy(int row, MemorySegment target) {
    Tensor tensor = Objects.requireNonNull(recording.points().get(point), "it was checked");
    tensor.copyFloats((long) row * width, target, width);
  }
}
