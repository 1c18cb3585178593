package dev.sonde.tokenizer.huggingface.template;

import java.util.List;

/** What {@code cycler(…)} gives: values one after the other, and again from the first. */
final class Cycler {
  private final List<Object> values;
  private int at;

  Cycler(List<Object> values) {
    if (values.isEmpty()) {
      throw new TemplateException("nothing to cycle through");
    }
    this.values = List.copyOf(values);
  }

  Object property(String name) {
    return switch (name) {
      case "current" -> values.get(at);
      case "next" -> (Callable) arguments -> next();
      case "reset" -> (Callable) arguments -> reset();
      default -> new Undefined("");
    };
  }

  private Object next() {
    Object value = values.get(at);
    at = (at + 1) % values.size();
    return value;
  }

  private Object reset() {
    at = 0;
    return None.NONE;
  }
}
