package dev.sonde.tokenizer.huggingface.template;

import com.hubspot.jinjava.util.ForLoop;
import java.util.List;

/** The variable {@code loop}. */
final class Loop extends ForLoop {
  private final List<Object> items;

  Loop(List<Object> items) {
    super(items.iterator(), items.size());
    this.items = items;
  }

  Object property(String name) {
    return switch (name) {
      case "index" -> (long) getIndex();
      case "index0" -> (long) getIndex0();
      case "revindex" -> (long) items.size() - getIndex0();
      case "revindex0" -> (long) items.size() - getIndex();
      case "first" -> getIndex0() == 0;
      case "last" -> getIndex() == items.size();
      case "length" -> (long) items.size();
      case "previtem" -> item(getIndex0() - 1);
      case "nextitem" -> item(getIndex0() + 1);
      case "depth", "depth0", "changed" -> throw TemplateException.unsupported("loop." + name);
      case "cycle" -> (Callable) this::cycled;
      default -> new Undefined("");
    };
  }

  private Object item(int index) {
    return index >= 0 && index < items.size()
        ? items.get(index)
        : new Undefined("the loop has no such item");
  }

  private Object cycled(Arguments arguments) {
    if (arguments.positional().isEmpty()) {
      throw new TemplateException("nothing to cycle through");
    }
    return arguments.positional().get(getIndex0() % arguments.positional().size());
  }
}
