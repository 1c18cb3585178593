package dev.sonde.tokenizer.huggingface.template;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Python's generator, which filters such as {@code map} and {@code select} give: it can be gone
 * through once, has no length, and is true even where nothing is in it.
 */
final class Lazy {
  private final Iterator<Object> items;

  private Lazy(Iterator<Object> items) {
    this.items = items;
  }

  static Lazy of(Stream<Object> items) {
    return new Lazy(items.iterator());
  }

  static Lazy of(List<Object> items) {
    return new Lazy(items.iterator());
  }

  /** The items that nobody has taken yet. */
  List<Object> rest() {
    List<Object> rest = new ArrayList<>();
    items.forEachRemaining(rest::add);
    return rest;
  }

  /** The next item; undefined behind the last. */
  Object next() {
    return items.hasNext() ? items.next() : new Undefined("there is no first item");
  }

  /** Whether an item is among those that nobody has taken; what comes before it is taken. */
  boolean takeUpTo(Object wanted) {
    while (items.hasNext()) {
      if (Python.equal(items.next(), wanted)) {
        return true;
      }
    }
    return false;
  }
}
