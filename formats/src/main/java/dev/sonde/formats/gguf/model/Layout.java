package dev.sonde.formats.gguf.model;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.gguf.GgufTensor;
import java.util.List;

/**
 * How llama.cpp's converter lays numbers out otherwise than the folder did, and so the way back.
 */
@FunctionalInterface
interface Layout {
  /** The weight of a name that some tensors hold. */
  Arranged arrange(String name, List<GgufTensor> sources);

  /** Left as it was. */
  static Layout asStored() {
    return (name, sources) -> new AsStored(name, sources.getFirst());
  }

  /** Stored plus one, which Gemma's norms add when they run. */
  static Layout plusOne() {
    return (name, sources) -> new LessOne(name, sources.getFirst());
  }

  /**
   * Rows of query or key heads whose two rotary halves were shuffled into pairs: row {@code (head,
   * half, plane)} of the folder is row {@code (head, plane, half)} of the file.
   */
  static Layout rotaryPairs(long headWidth) {
    long half = headWidth / 2;
    return (name, sources) ->
        new ReorderedRows(
            name,
            inGroups(sources.getFirst(), headWidth),
            row -> {
              long within = row % headWidth;
              return row - within + within % half * 2 + within / half;
            });
  }

  /**
   * Rows of queries, keys and values: row {@code (head, which, plane)} of the folder is row {@code
   * (which, head, plane)} of the file.
   */
  static Layout queriesKeysValues(long heads, long headWidth) {
    return (name, sources) ->
        new ReorderedRows(
            name,
            inGroups(sources.getFirst(), 3 * heads * headWidth),
            row -> {
              long head = row / (3 * headWidth);
              long which = row / headWidth % 3;
              return (which * heads + head) * headWidth + row % headWidth;
            });
  }

  /**
   * Matrices {@code [(experts,) out, in]} as {@code [(experts,) in, out]}; of several sources the
   * columns alternate.
   */
  static Layout transposed() {
    return (name, sources) -> Interleaved.transposed(name, sources);
  }

  /** Vectors {@code [experts, out]} of several sources, whose numbers alternate. */
  static Layout alternating() {
    return (name, sources) -> Interleaved.vectors(name, sources);
  }

  /** One of the matrices of a tensor {@code [count, out, in]}. */
  static Layout slice(long index) {
    return (name, sources) -> new Slice(name, sources.getFirst(), index);
  }

  /** Rows of several sources one after the other, within each expert where there are any. */
  static Layout joined() {
    return (name, sources) -> Joined.of(name, sources);
  }

  /**
   * What widens DeepSeek's narrow keys and values: per head rows of keys, whose matrix is stored
   * transposed, and behind them rows of values.
   */
  static Layout keysAndValues() {
    return (name, sources) -> new KeysAndValues(name, sources.getFirst(), sources.getLast());
  }

  /** Kernels of a convolution {@code [channels, length]} as {@code [channels, 1, length]}. */
  static Layout convolution() {
    return (name, sources) -> {
      List<Long> shape = sources.getFirst().shape();
      return new Reshaped(name, sources.getFirst(), List.of(shape.getFirst(), 1L, shape.getLast()));
    };
  }

  /** All numbers as one vector. */
  static Layout flat() {
    return (name, sources) ->
        new Reshaped(name, sources.getFirst(), List.of(sources.getFirst().count()));
  }

  /** Logarithms of the negated numbers, as one vector. */
  static Layout logarithms() {
    return (name, sources) -> new Logarithms(name, sources.getFirst());
  }

  /** Queries, keys and values, and gates, ordered by key head. */
  static Layout byKeyHead(long keyHeads, long keyWidth, long values) {
    return (name, sources) ->
        new ByKeyHead(name, sources.getFirst(), sources.getLast(), keyHeads, keyWidth, values);
  }

  /** A vector as the one row of a matrix. */
  static Layout row() {
    return (name, sources) ->
        new Reshaped(name, sources.getFirst(), List.of(1L, sources.getFirst().count()));
  }

  private static GgufTensor inGroups(GgufTensor tensor, long rows) {
    if (rows <= 0 || tensor.shape().getFirst() % rows != 0) {
      throw new FormatException(
          tensor.file(),
          "tensor '%s' of shape %s is not made of groups of %d rows"
              .formatted(tensor.name(), tensor.shape(), rows));
    }
    return tensor;
  }
}
