package dev.sonde.api.model;

import dev.sonde.api.InvalidInputException;
import java.util.Objects;

/** Which tokens of a sequence are read. */
public final class Selector {
  /** The kinds of selector. More may come; a backend refuses those it does not know. */
  public enum Kind {
    /** The last token: one row a sequence. */
    LAST,
    /** The first token: one row a sequence. */
    FIRST,
    /** The token at an index, counted from the end where negative: one row a sequence. */
    INDEX,
    /** Every token: a row each. */
    ALL,
    /** The tokens of every named span: the reduction runs within each span. */
    EACH
  }

  private static final Selector LAST = new Selector(Kind.LAST, 0);
  private static final Selector FIRST = new Selector(Kind.FIRST, 0);
  private static final Selector ALL = new Selector(Kind.ALL, 0);
  private static final Selector EACH = new Selector(Kind.EACH, 0);
  private static final String INDEX_PREFIX = "index:";

  private final Kind kind;
  private final int index;

  private Selector(Kind kind, int index) {
    this.kind = kind;
    this.index = index;
  }

  /** The last token. */
  public static Selector last() {
    return LAST;
  }

  /** The first token. */
  public static Selector first() {
    return FIRST;
  }

  /** Every token. */
  public static Selector all() {
    return ALL;
  }

  /** The spans of each sequence, in their order. */
  public static Selector eachSpan() {
    return EACH;
  }

  /** The token at an index; −1 is the last one. */
  public static Selector index(int index) {
    return new Selector(Kind.INDEX, index);
  }

  /**
   * Reads {@code last}, {@code first}, {@code all}, {@code spans} or {@code index:N}.
   *
   * @throws InvalidInputException if it is none of these
   */
  public static Selector parse(String text) {
    return switch (text) {
      case "last" -> LAST;
      case "first" -> FIRST;
      case "all" -> ALL;
      case "spans" -> EACH;
      default -> {
        if (text.matches(INDEX_PREFIX + "-?\\d{1,9}")) {
          yield index(Integer.parseInt(text.substring(INDEX_PREFIX.length())));
        }
        throw new InvalidInputException(
            "unknown token selector '%s'; there are last, first, all, spans and index:N"
                .formatted(text));
      }
    };
  }

  /** The kind. */
  public Kind kind() {
    return kind;
  }

  /** The index of an {@link Kind#INDEX} selector. */
  public int index() {
    return index;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Selector that && kind == that.kind && index == that.index;
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, index);
  }

  @Override
  public String toString() {
    return switch (kind) {
      case LAST -> "last";
      case FIRST -> "first";
      case ALL -> "all";
      case EACH -> "spans";
      case INDEX -> INDEX_PREFIX + index;
    };
  }
}
