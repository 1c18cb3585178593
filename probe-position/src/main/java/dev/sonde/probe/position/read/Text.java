package dev.sonde.probe.position.read;

import dev.sonde.api.model.Sequence;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A text that models are asked about.
 *
 * @param ids its tokens
 * @param scored per token, whether its loss counts; the first is never predicted
 */
public record Text(int[] ids, boolean[] scored) {
  /** Number of tokens. */
  public int length() {
    return ids.length;
  }

  /** Number of tokens whose loss counts. */
  public int targets() {
    return (int) IntStream.range(1, ids.length).filter(token -> scored[token]).count();
  }

  /** Its tokens, those that count scored. */
  public Sequence sequence() {
    return sequence(ids);
  }

  /** Other tokens in place of its own, those at the places that count scored. */
  public Sequence sequence(int[] others) {
    return Sequence.of(others).targets(targets(others, 0, 1));
  }

  /**
   * The tokens of a part that count.
   *
   * @param others tokens in place of its own from a place on
   * @param from the place of the first of them
   * @param first the first of them that may be scored
   */
  public List<Sequence.Target> targets(int[] others, int from, int first) {
    return IntStream.range(first, others.length)
        .filter(token -> scored[from + token])
        .mapToObj(token -> new Sequence.Target(token, others[token]))
        .toList();
  }
}
