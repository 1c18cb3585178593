package dev.sonde.backend.llamacpp;

import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Sequence;
import dev.sonde.packing.DenseRows;
import dev.sonde.packing.PackedBatch;
import dev.sonde.packing.Readout;
import dev.sonde.packing.RowSelection;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rows that a request reads of a packed batch, no others, gathered sequence by sequence. */
final class RowStore implements NodeTap.Sink {
  private final PackedBatch batch;
  private final int layers;
  private final Map<HookPoint, BitSet> wanted = new LinkedHashMap<>();
  private final Map<HookPoint, float[][]> rows = new LinkedHashMap<>();
  private final Map<Integer, Map<Integer, Float>> scored = new LinkedHashMap<>();
  private int place;

  RowStore(ForwardRequest request, PackedBatch batch, int layers) {
    this.batch = batch;
    this.layers = layers;
    for (Read read : request.groups().stream().flatMap(List::stream).distinct().toList()) {
      RowSelection selected = RowSelection.of(read, batch);
      BitSet tokens = wanted.computeIfAbsent(read.point(), p -> new BitSet());
      for (int row = 0; row < selected.size(); row++) {
        tokens.set(selected.from(row), selected.to(row));
      }
    }
  }

  /** Says which sequence's rows come next, by its place in the batch. */
  void sequence(int placeInBatch) {
    place = placeInBatch;
  }

  /** Whether a token of the current sequence must go through the end of the last block. */
  boolean needsOutput(int token) {
    int row = batch.start(place) + token;
    return wanted.entrySet().stream()
        .anyMatch(
            entry ->
                entry.getKey().layer().orElse(layers - 1) == layers - 1
                    && !entry.getKey().isBeforeBlocks()
                    && entry.getValue().get(row));
  }

  /** Whether logits of a token of the current sequence are needed. */
  boolean needsLogits(int token) {
    int row = batch.start(place) + token;
    return wants(HookPoint.LOGITS, row) || wants(HookPoint.LOG_PROB, row);
  }

  /** Whether any logits are needed: then all blocks are run, also for tokens before. */
  boolean needsLogits() {
    return wanted.containsKey(HookPoint.LOGITS) || wanted.containsKey(HookPoint.LOG_PROB);
  }

  private boolean wants(HookPoint point, int row) {
    BitSet tokens = wanted.get(point);
    return tokens != null && tokens.get(row);
  }

  @Override
  public boolean wants(HookPoint point, int sequence, int token) {
    return wants(point, batch.start(place) + token);
  }

  @Override
  public Set<HookPoint> points() {
    return wanted.keySet();
  }

  @Override
  public void row(HookPoint point, int sequence, int token, float[] row) {
    rows.computeIfAbsent(point, p -> new float[batch.tokens()][])[batch.start(place) + token] = row;
  }

  /** Takes what is read of the logits after a token of the current sequence. */
  void logits(int token, float[] logits) {
    int row = batch.start(place) + token;
    if (wants(HookPoint.LOGITS, row)) {
      row(HookPoint.LOGITS, 0, token, logits);
    }
    if (wants(HookPoint.LOG_PROB, row)) {
      double total = LogitRow.logOfSum(logits);
      for (Sequence.Target target : batch.sequence(place).targets()) {
        if (target.position() == token + 1) {
          scored
              .computeIfAbsent(row, r -> new LinkedHashMap<>())
              .put(target.token(), (float) (logits[target.token()] - total));
        }
      }
    }
  }

  /** Hands everything to a readout. */
  void pass(Readout readout) {
    for (HookPoint point : wanted.keySet()) {
      float[][] found = rows.getOrDefault(point, new float[batch.tokens()][]);
      if (point.equals(HookPoint.LOG_PROB)) {
        readout.pass(point, (selected, how, memory) -> takeScored(selected, memory));
      } else if (point.isEdge()) {
        readout.pass(point, (selected, how, memory) -> takeEdges(found, selected, memory));
      } else {
        readout.pass(point, (selected, how, memory) -> take(found, selected, how, memory));
      }
    }
  }

  private Readout.Values takeScored(RowSelection selected, Arena memory) {
    List<float[]> taken = new ArrayList<>();
    for (int row = 0; row < selected.size(); row++) {
      Map<Integer, Float> after = scored.getOrDefault(selected.from(row), Map.of());
      taken.add(new float[] {after.getOrDefault(selected.target(row).token(), Float.NaN)});
    }
    return new Readout.Values(copy(taken, memory), 1);
  }

  private static Readout.Values takeEdges(float[][] found, RowSelection selected, Arena memory) {
    List<float[]> taken = Arrays.stream(selected.tokens()).mapToObj(t -> found[t]).toList();
    long[] offsets = new long[taken.size() + 1];
    for (int row = 0; row < taken.size(); row++) {
      offsets[row + 1] = offsets[row] + taken.get(row).length;
    }
    return new Readout.Values(copy(taken, memory), 0, offsets);
  }

  private static Readout.Values take(
      float[][] found, RowSelection selected, String how, Arena memory) {
    List<float[]> taken = new ArrayList<>();
    int width = 0;
    for (int row = 0; row < selected.size(); row++) {
      int from = selected.from(row);
      int count = selected.to(row) - from;
      width = found[from].length;
      float[] cells = new float[count * width];
      for (int i = 0; i < count; i++) {
        System.arraycopy(found[from + i], 0, cells, i * width, width);
      }
      taken.add(DenseRows.reduced(cells, width, 0, count, how));
    }
    int columns = taken.isEmpty() ? 1 : taken.getFirst().length;
    return new Readout.Values(copy(taken, memory), columns);
  }

  private static MemorySegment copy(List<float[]> rows, Arena memory) {
    long count = rows.stream().mapToLong(row -> row.length).sum();
    MemorySegment cells = memory.allocate(Math.max(1, count) * Float.BYTES, Float.BYTES);
    long at = 0;
    for (float[] row : rows) {
      MemorySegment.copy(row, 0, cells, ValueLayout.JAVA_FLOAT, at, row.length);
      at += (long) row.length * Float.BYTES;
    }
    return cells;
  }
}
