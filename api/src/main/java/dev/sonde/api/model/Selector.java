package dev.sonde.api.model;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.InvalidInputException;
import dev.sonde.api.UnsupportedCapabilityException;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Which tokens of a sequence are read or changed. Its kind is a name: more may come, and a backend
 * refuses those that it does not announce ({@link Capabilities#selectors}).
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public final class Selector {
  /** The last token: one row a sequence. */
  public static final String LAST = "last";

  /** The first token: one row a sequence. */
  public static final String FIRST = "first";

  /** The token at an index, counted from the end where negative: one row a sequence. */
  public static final String INDEX = "index";

  /** Every token: a row each. */
  public static final String ALL = "all";

  /** The tokens of every named span: a reduction runs within each span. */
  public static final String SPANS = "spans";

  private final String kind;
  private final int index;

  private Selector(String kind, int index) {
    this.kind = kind;
    this.index = index;
  }

  /**
   * A selector of any kind, known here or not.
   *
   * @param index the number that belongs to the kind; 0 where none does
   */
  public static Selector of(String kind, int index) {
    return new Selector(kind, index);
  }

  /** The last token. */
  public static Selector last() {
    return of(LAST, 0);
  }

  /** The first token. */
  public static Selector first() {
    return of(FIRST, 0);
  }

  /** Every token. */
  public static Selector all() {
    return of(ALL, 0);
  }

  /** The spans of each sequence, in their order. */
  public static Selector eachSpan() {
    return of(SPANS, 0);
  }

  /** The token at an index; −1 is the last one. */
  public static Selector index(int index) {
    return of(INDEX, index);
  }

  /**
   * Reads {@code last}, {@code first}, {@code all}, {@code spans} or {@code index:N}.
   *
   * @throws InvalidInputException if it is none of these
   */
  public static Selector parse(String text) {
    if (text.matches(INDEX + ":-?\\d{1,9}")) {
      return index(Integer.parseInt(text.substring(INDEX.length() + 1)));
    }
    if (List.of(LAST, FIRST, ALL, SPANS).contains(text)) {
      return of(text, 0);
    }
    throw new InvalidInputException(
        "unknown token selector '%s'; there are last, first, all, spans and index:N"
            .formatted(text));
  }

  /** The kind. */
  public String kind() {
    return kind;
  }

  /** The number that belongs to the kind, such as that of {@link #INDEX}. */
  public int index() {
    return index;
  }

  /** Whether it is of a kind that gives one token of each sequence. */
  public boolean givesOneToken() {
    return kind.equals(LAST) || kind.equals(FIRST) || kind.equals(INDEX);
  }

  /**
   * The runs of tokens that it names of a sequence: the spans of the sequence, or one run. What is
   * read of a run is a row where it is reduced, else a row a token.
   *
   * @throws UnsupportedCapabilityException if the index lies outside the sequence, or the kind is
   *     not known here
   */
  public List<Span> runs(Sequence sequence) {
    return kind.equals(SPANS) ? sequence.spans() : List.of(run(sequence.length()));
  }

  private Span run(int length) {
    return switch (kind) {
      case LAST -> new Span(kind, length - 1, length);
      case FIRST -> new Span(kind, 0, 1);
      case ALL -> new Span(kind, 0, length);
      case INDEX -> {
        int token = index < 0 ? length + index : index;
        if (token < 0 || token >= length) {
          throw new UnsupportedCapabilityException(
              "%s: a sequence of %d tokens has no such token".formatted(this, length));
        }
        yield new Span(kind, token, token + 1);
      }
      default -> throw new UnsupportedCapabilityException("unknown token selector '" + this + "'");
    };
  }

  /**
   * The tokens that it names of a sequence, by index.
   *
   * @throws UnsupportedCapabilityException as {@link #runs} does
   */
  public int[] tokens(Sequence sequence) {
    return runs(sequence).stream()
        .flatMapToInt(run -> IntStream.range(run.from(), run.to()))
        .toArray();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Selector that && kind.equals(that.kind) && index == that.index;
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, index);
  }

  @Override
  public String toString() {
    return kind.equals(INDEX) || index != 0 ? kind + ":" + index : kind;
  }
}
