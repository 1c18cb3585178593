package dev.sonde.packing;

import dev.sonde.api.model.Sequence;
import dev.sonde.api.model.StartingPoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Some sequences, one behind the other in one long row of tokens; nothing is padded. Of each, the
 * first tokens may be skipped: they were run before.
 */
public final class PackedBatch {
  /** Before all blocks. */
  private static final int EMBEDDING = -1;

  private final List<Sequence> sequences;
  private final int[] indices;
  private final int[] starts;
  private final int[] skipped;

  private PackedBatch(List<Sequence> all, int[] indices, IntUnaryOperator skipped) {
    this.indices = indices;
    this.sequences = IntStream.of(indices).mapToObj(all::get).toList();
    this.skipped = IntStream.of(indices).map(skipped).toArray();
    this.starts = new int[indices.length + 1];
    for (int i = 0; i < indices.length; i++) {
      starts[i + 1] = starts[i] + length(i);
    }
  }

  /** Packs whole sequences; see {@link #pack(List, int, IntUnaryOperator)}. */
  public static List<PackedBatch> pack(List<Sequence> all, int tokenBudget) {
    return pack(all, tokenBudget, index -> 0);
  }

  /**
   * Packs sequences, longest first, into batches of at most so many tokens; a longer sequence gets
   * a batch of its own. Sequences that begin at one block are packed with each other. The result
   * depends on nothing but the arguments.
   *
   * @param skipped per index of a sequence, how many of its first tokens are left out
   */
  public static List<PackedBatch> pack(
      List<Sequence> all, int tokenBudget, IntUnaryOperator skipped) {
    IntUnaryOperator length = i -> all.get(i).length() - skipped.applyAsInt(i);
    SortedMap<Integer, List<Integer>> byStart =
        IntStream.range(0, all.size())
            .boxed()
            .collect(
                Collectors.groupingBy(i -> start(all.get(i)), TreeMap::new, Collectors.toList()));
    List<PackedBatch> batches = new ArrayList<>();
    for (List<Integer> alike : byStart.values()) {
      int[] order =
          alike.stream()
              .sorted(Comparator.comparingInt(i -> -length.applyAsInt(i)))
              .mapToInt(Integer::intValue)
              .toArray();
      TokenBudget.cut(order.length, i -> length.applyAsInt(order[i]), tokenBudget).stream()
          .map(part -> Arrays.copyOfRange(order, part.from(), part.to()))
          .forEach(indices -> batches.add(new PackedBatch(all, indices, skipped)));
    }
    return batches;
  }

  private static int start(Sequence sequence) {
    return sequence.start().map(StartingPoint::block).orElse(EMBEDDING);
  }

  /** The block that all sequences begin at; empty where they begin at the embedding. */
  public OptionalInt startBlock() {
    int block = start(sequences.getFirst());
    return block == EMBEDDING ? OptionalInt.empty() : OptionalInt.of(block);
  }

  /** What {@link #startBlock} is given, {@code [tokens, d_model]}. */
  public float[] residual() {
    List<float[]> parts = sequences.stream().map(s -> s.start().orElseThrow().residual()).toList();
    float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
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

  /**
   * Where the first token of a sequence stands, or would stand if it were not skipped, by its place
   * in the batch.
   */
  public int start(int place) {
    return starts[place] - skipped[place];
  }

  /** How many tokens of a sequence are in the batch, by its place. */
  public int length(int place) {
    return sequences.get(place).length() - skipped[place];
  }

  /** How many first tokens of a sequence are left out, by its place. */
  public int skipped(int place) {
    return skipped[place];
  }

  /** The largest number of objectives of a sequence. */
  public int objectives() {
    return sequences.stream().mapToInt(s -> s.objectives().size()).max().orElse(0);
  }

  /** All token ids, sequence by sequence. */
  public int[] tokenIds() {
    return IntStream.range(0, size())
        .flatMap(i -> Arrays.stream(sequence(i).tokens()).skip(skipped[i]))
        .toArray();
  }
}
