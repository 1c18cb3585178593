package dev.sonde.tokenizer.huggingface.template;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The variable {@code loop}. */
final class Loop implements Callable {
  private final List<Object> items;
  private final int depth;
  private final Optional<UnaryOperator<Object>> recursion;
  private int index = -1;
  private Optional<Object> watched = Optional.empty();

  /**
   * A loop that has not begun.
   *
   * @param depth number of recursive loops around it
   * @param recursion renders the loop over other items, where the template asks for that
   */
  Loop(List<Object> items, int depth, Optional<UnaryOperator<Object>> recursion) {
    this.items = items;
    this.depth = depth;
    this.recursion = recursion;
  }

  /** The next item, where there is one. */
  Optional<Object> next() {
    index++;
    return index < items.size() ? Optional.of(items.get(index)) : Optional.empty();
  }

  Object property(String name) {
    return switch (name) {
      case "index" -> index + 1L;
      case "index0" -> (long) index;
      case "revindex" -> (long) items.size() - index;
      case "revindex0" -> (long) items.size() - index - 1;
      case "first" -> index == 0;
      case "last" -> index == items.size() - 1;
      case "length" -> (long) items.size();
      case "previtem" -> item(index - 1, "previous");
      case "nextitem" -> item(index + 1, "next");
      case "depth" -> depth + 1L;
      case "depth0" -> (long) depth;
      case "cycle" -> (Callable) this::cycled;
      case "changed" -> (Callable) this::changed;
      default -> new Undefined("a loop has no '%s'".formatted(name));
    };
  }

  private Object item(int at, String which) {
    return at >= 0 && at < items.size()
        ? items.get(at)
        : new Undefined("there is no %s item".formatted(which));
  }

  private Object cycled(Arguments arguments) {
    List<Object> values = arguments.positional();
    if (values.isEmpty()) {
      throw new TemplateException("nothing to cycle through");
    }
    return values.get(index % values.size());
  }

  private Object changed(Arguments arguments) {
    Object values = new Tuple(arguments.positional());
    boolean changed = watched.filter(before -> Python.equal(before, values)).isEmpty();
    watched = Optional.of(values);
    return changed;
  }

  @Override
  public Object call(Arguments arguments) {
    return recursion
        .orElseThrow(() -> new TemplateException("the loop is not marked recursive"))
        .apply(arguments.only("iterable").get(0, "iterable"));
  }
}
