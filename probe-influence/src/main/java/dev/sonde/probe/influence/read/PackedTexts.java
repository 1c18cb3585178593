package dev.sonde.probe.influence.read;

import dev.sonde.api.data.Example;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;

/**
 * Documents whose tokens stand one behind the other outside the heap, four bytes each; an element
 * is made when it is asked for. The rows themselves are the data set's.
 */
final class PackedTexts extends AbstractList<TokenizedText> implements RandomAccess {
  private static final long FIRST_ROOM = 1L << 16;
  private static final int FIRST_NUMBERS = 1 << 10;

  private final List<Example> examples = new ArrayList<>();
  private final LongList starts = new LongList();
  private final LongList lossesFrom = new LongList();
  private MemorySegment tokens = room(FIRST_ROOM);
  private long used;

  private static MemorySegment room(long tokens) {
    return Arena.ofAuto().allocate(tokens * Integer.BYTES, Integer.BYTES);
  }

  /** Adds a document, whose text is the row's. */
  void append(Example example, int[] own, int lossFrom) {
    long room = tokens.byteSize() / Integer.BYTES;
    if (used + own.length > room) {
      MemorySegment longer = room(Math.max(2 * room, used + own.length));
      MemorySegment.copy(tokens, 0, longer, 0, used * Integer.BYTES);
      tokens = longer;
    }
    MemorySegment.copy(own, 0, tokens, ValueLayout.JAVA_INT, used * Integer.BYTES, own.length);
    examples.add(example);
    starts.add(used);
    lossesFrom.add(lossFrom);
    used += own.length;
  }

  @Override
  public TokenizedText get(int index) {
    Example example = examples.get(index);
    long start = starts.get(index);
    long end = index + 1 == examples.size() ? used : starts.get(index + 1);
    int[] own = new int[Math.toIntExact(end - start)];
    MemorySegment.copy(tokens, ValueLayout.JAVA_INT, start * Integer.BYTES, own, 0, own.length);
    return new TokenizedText(example, example.text(), own, Math.toIntExact(lossesFrom.get(index)));
  }

  @Override
  public int size() {
    return examples.size();
  }

  /** Numbers without an object each. */
  private static final class LongList {
    private long[] numbers = new long[FIRST_NUMBERS];
    private int size;

    void add(long number) {
      if (size == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * size);
      }
      numbers[size++] = number;
    }

    long get(int index) {
      return numbers[index];
    }
  }
}
