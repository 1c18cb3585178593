package dev.sonde.tokenizer.huggingface.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The arguments of a call.
 *
 * @param positional in order
 * @param named in order
 */
record Arguments(List<Object> positional, Map<String, Object> named) {
  static final Arguments NONE = new Arguments(List.of(), Map.of());

  /**
   * Refuses arguments that a function does not have.
   *
   * @param names its parameters in order
   */
  Arguments only(String... names) {
    if (positional.size() > names.length) {
      throw new TemplateException(
          "%d arguments where there are at most %d".formatted(positional.size(), names.length));
    }
    for (String name : named.keySet()) {
      if (!List.of(names).contains(name)) {
        throw new TemplateException("unexpected argument '%s'".formatted(name));
      }
    }
    return this;
  }

  /** An argument by place or name. */
  Optional<Object> find(int index, String name) {
    return index < positional.size()
        ? Optional.of(positional.get(index))
        : Optional.ofNullable(named.get(name));
  }

  Object get(int index, String name) {
    return find(index, name)
        .orElseThrow(() -> new TemplateException("the argument '%s' is missing".formatted(name)));
  }

  String text(int index, String name) {
    if (get(index, name) instanceof String text) {
      return text;
    }
    throw new TemplateException("the argument '%s' is no text".formatted(name));
  }

  int integer(int index, String name, int absent) {
    return find(index, name).map(value -> Python.integer(value)).orElse(absent);
  }

  boolean truth(int index, String name, boolean absent) {
    return find(index, name).map(Python::truth).orElse(absent);
  }

  /** What is left behind the first arguments. */
  Arguments from(int index) {
    return new Arguments(
        positional.subList(Math.min(index, positional.size()), positional.size()), named);
  }
}
