package dev.sonde.packing;

import dev.sonde.api.model.Sequence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Some whole sequences, one behind the other in one long row of tokens; nothing is padded.
 * Sequences of one length stand together, so that attention can take them as one block.
 */
public final class PackedBatch {
  private final List<Sequence> sequences;
  private final int[] indices;
  private final int[] starts;

  private PackedBatch(List<Sequence> all, int[] indices) {
    this.indices = indices;
    this.sequences = IntStream.of(indices).mapToObj(all::get).toList();
    this.starts = new int[indices.length + 1];
    for (int i = 0; i < indices.length; i++) {
      starts[i + 1] = starts[i] + sequences.get(i).length();
    }
  }

  /**
   * Packs sequences, longest first, into batches of at most so many tokens; a longer sequence gets
   * a batch of its own. The result depends on nothing but the arguments.
   */
  public static List<PackedBatch> pack(List<Sequence> all, int tokenBudget) {
    int[] order =
        IntStream.range(0, all.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> -all.get(i).length()))
            .mapToInt(Integer::intValue)
            .toArray();
    List<PackedBatch> batches = new ArrayList<>();
    int from = 0;
    int tokens = 0;
    for (int i = 0; i < order.length; i++) {
      int length = all.get(order[i]).length();
      if (i > from && tokens + length > tokenBudget) {
        batches.add(new PackedBatch(all, IntStream.range(from, i).map(k -> order[k]).toArray()));
        from = i;
        tokens = 0;
      }
      tokens += length;
    }
    if (from < order.length) {
      int start = from;
      batches.add(
          new PackedBatch(all, IntStream.range(start, order.length).map(k -> order[k]).toArray()));
    }
    return batches;
  }

  /** Number of sequences. */
  public int size() {
    return indices.length;
  }

  /** Number of tokens. */
  public int tokens() {
    return starts[indices.length];
  }

  /** A sequence, by its place in the batch. */
  public Sequence sequence(int place) {
    return sequences.get(place);
  }

  /** The index in the request of a sequence, by its place in the batch. */
  public int index(int place) {
    return indices[place];
  }

  /** The first token of a sequence, by its place in the batch. */
  public int start(int place) {
    return starts[place];
  }

  /** All token ids, sequence by sequence. */
  public int[] tokenIds() {
    return sequences.stream().flatMapToInt(s -> IntStream.of(s.tokens())).toArray();
  }

  /** A run of sequences of one length. */
  public record Block(int from, int count, int length) {}

  /** The runs of sequences of one length, in order. */
  public List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    int from = 0;
    for (int i = 1; i <= size(); i++) {
      if (i == size() || sequence(i).length() != sequence(from).length()) {
        blocks.add(new Block(from, i - from, sequence(from).length()));
        from = i;
      }
    }
    return blocks;
  }
}
