package dev.sonde.packing;

import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.Batch;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Takes what a request reads of one packed batch, while the backend passes its hook points in
 * whatever order it computes them. A read group is ready when all its reads were taken.
 */
public final class Readout {
  private final ForwardRequest request;
  private final PackedBatch batch;
  private final Map<Read, RowSelection> selections = new LinkedHashMap<>();
  private final List<Group> open = new ArrayList<>();
  private final Deque<Ready> ready = new ArrayDeque<>();

  /** A read group that still waits for some of its reads. */
  private record Group(
      int number,
      List<Read> reads,
      Map<Read, Rows> taken,
      Map<Read, List<Values>> gradients,
      Arena memory) {}

  /** A batch with the memory it stands in. */
  record Ready(Batch batch, Arena memory) {}

  /**
   * Rows as the backend gives them.
   *
   * @param width numbers a row; 0 where rows differ
   * @param offsets where each row begins, if rows differ
   */
  public record Values(MemorySegment cells, int width, long[] offsets) {
    /** Rows of one width. */
    public Values(MemorySegment cells, int width) {
      this(cells, width, new long[0]);
    }
  }

  /** Copies rows of an activation. */
  public interface Taker {
    /**
     * Copies the selected rows, reduced, as float32 numbers.
     *
     * @param reduction as {@link Read#reduction} names it
     * @param memory where the copy belongs
     */
    Values take(RowSelection rows, String reduction, Arena memory);
  }

  /**
   * Nothing taken yet.
   *
   * @throws UnsupportedCapabilityException if a selector does not fit a sequence
   */
  public Readout(ForwardRequest request, PackedBatch batch) {
    this.request = request;
    this.batch = batch;
    for (List<Read> reads : request.groups()) {
      reads.forEach(read -> selections.computeIfAbsent(read, r -> RowSelection.of(r, batch)));
    }
    for (List<Read> reads : request.groups()) {
      open.add(
          new Group(
              open.size(), reads, new LinkedHashMap<>(), new LinkedHashMap<>(), Arena.ofShared()));
    }
  }

  /** The batch that is read. */
  public PackedBatch batch() {
    return batch;
  }

  /** Whether the activations at a point are read. */
  public boolean wants(HookPoint point) {
    return selections.keySet().stream()
        .anyMatch(read -> read.point().equals(point) && !read.isGradient());
  }

  /** The points at which gradients are read. */
  public Set<HookPoint> gradients() {
    return selections.keySet().stream()
        .filter(Read::isGradient)
        .map(Read::point)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Whether the inputs or outputs of any linear are read. */
  public boolean wantsLinears() {
    return selections.keySet().stream().anyMatch(read -> read.point().isLinear());
  }

  /** How many of the model's blocks the deepest read of a request needs. */
  public static int depth(ForwardRequest request, int layers) {
    return request.groups().stream()
        .flatMap(List::stream)
        .mapToInt(read -> depth(read, layers))
        .max()
        .orElse(0);
  }

  private static int depth(Read read, int layers) {
    HookPoint point = read.point();
    if (read.isGradient()) {
      return layers;
    }
    return point.isBeforeBlocks() ? 0 : point.layer().orElse(layers - 1) + 1;
  }

  /** How many of the model's blocks the deepest read needs. */
  public int depth(int layers) {
    return depth(request, layers);
  }

  /** Offers the activations at a point; every read of it is taken. */
  public void pass(HookPoint point, Taker taker) {
    for (Group group : List.copyOf(open)) {
      for (Read read : group.reads) {
        if (read.point().equals(point) && !read.isGradient()) {
          group.taken.put(read, take(read, taker, group.memory));
        }
      }
      finish(group);
    }
  }

  /**
   * Offers the gradients of one objective of each sequence at a point.
   *
   * @param objective they are offered in order, up to the last of the batch
   */
  public void passGradient(HookPoint point, int objective, Taker taker) {
    for (Group group : List.copyOf(open)) {
      for (Read read : group.reads) {
        if (read.point().equals(point) && read.isGradient()) {
          List<Values> parts = group.gradients.computeIfAbsent(read, r -> new ArrayList<>());
          RowSelection rows = RowSelection.of(read, batch, objective);
          parts.add(taker.take(rows, read.reduction(), group.memory));
          if (objective == batch.objectives() - 1) {
            group.taken.put(read, joined(read, parts, group.memory));
          }
        }
      }
      finish(group);
    }
  }

  private void finish(Group group) {
    if (group.taken.keySet().containsAll(group.reads)) {
      open.remove(group);
      List<Rows> rows = group.reads.stream().map(group.taken::get).toList();
      ready.add(new Ready(Batch.of(group.number, rows), group.memory));
    }
  }

  private Rows joined(Read read, List<Values> parts, Arena memory) {
    MemorySegment cells = parts.getFirst().cells();
    if (parts.size() > 1) {
      long bytes = parts.stream().mapToLong(part -> part.cells().byteSize()).sum();
      cells = memory.allocate(bytes, Float.BYTES);
      long at = 0;
      for (Values part : parts) {
        cells.asSlice(at).copyFrom(part.cells());
        at += part.cells().byteSize();
      }
    }
    return rows(read, cells, parts.getFirst().width(), offsets(parts));
  }

  /** Where the rows of all parts begin, if they differ. */
  private static long[] offsets(List<Values> parts) {
    LongStream.Builder all = LongStream.builder().add(0);
    long start = 0;
    for (Values part : parts) {
      for (int row = 1; row < part.offsets().length; row++) {
        all.add(start + part.offsets()[row]);
      }
      start += part.offsets().length == 0 ? 0 : part.offsets()[part.offsets().length - 1];
    }
    return all.build().toArray();
  }

  private Rows take(Read read, Taker taker, Arena memory) {
    RowSelection rows = selections.computeIfAbsent(read, r -> RowSelection.of(r, batch));
    Values values = taker.take(rows, read.reduction(), memory);
    return rows(read, values.cells(), values.width(), values.offsets());
  }

  private Rows rows(Read read, MemorySegment cells, int width, long[] offsets) {
    RowSelection rows = selections.computeIfAbsent(read, r -> RowSelection.of(r, batch));
    int[] sequences = rows.sequences();
    Rows plain =
        width == 0
            ? Rows.ragged(read, cells, sequences, rows.places(), offsets)
            : Rows.even(read, width, cells, sequences, rows.places());
    return read.isGradient() ? plain.ofObjectives(rows.objectives()) : plain;
  }

  /** Whether everything that is read was taken. */
  public boolean isComplete() {
    return open.isEmpty();
  }

  /** The next group that is ready. */
  Optional<Ready> poll() {
    return Optional.ofNullable(ready.poll());
  }

  /**
   * Says that no more points will be passed.
   *
   * @throws UnsupportedCapabilityException if a read waits for one that the model never passed
   */
  void end() {
    for (Group group : open) {
      for (Read read : group.reads) {
        if (!group.taken.containsKey(read)) {
          throw new UnsupportedCapabilityException(
              "%s: this model has no such hook point, though other blocks may have it"
                  .formatted(read));
        }
      }
    }
  }

  /** Releases what was not asked for. */
  void close() {
    open.forEach(group -> group.memory.close());
    open.clear();
    ready.forEach(r -> r.memory.close());
    ready.clear();
  }
}
