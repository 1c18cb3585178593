package dev.sonde.tokenizer.huggingface.template;

import java.time.Clock;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** The functions that every template can call. */
final class Globals {
  private Globals() {}

  static Map<String, Callable> of(Clock clock) {
    return Map.of(
        "raise_exception", Globals::raise,
        "strftime_now",
            arguments ->
                Strftime.format(
                    LocalDateTime.now(clock), arguments.only("format").text(0, "format")),
        "namespace", Globals::namespace,
        "dict", Globals::mapping,
        "range", Globals::range,
        "cycler", arguments -> new Cycler(arguments.positional()),
        "joiner", Globals::joiner);
  }

  private static Object raise(Arguments arguments) {
    throw new TemplateException(PrintedText.printed(arguments.only("message").get(0, "message")));
  }

  private static Namespace namespace(Arguments arguments) {
    Namespace namespace = new Namespace();
    mapping(arguments).forEach((name, value) -> namespace.set(PrintedText.of(name), value));
    return namespace;
  }

  private static Map<Object, Object> mapping(Arguments arguments) {
    Map<Object, Object> items = new LinkedHashMap<>();
    for (Object given : arguments.positional()) {
      if (given instanceof Map<?, ?> map) {
        items.putAll(map);
      } else {
        for (Object pair : Python.iterable(given)) {
          List<Object> parts = Python.iterable(pair);
          if (parts.size() != 2) {
            throw new TemplateException("dict meets an item that is no pair");
          }
          items.put(parts.get(0), parts.get(1));
        }
      }
    }
    items.putAll(arguments.named());
    return items;
  }

  private static List<Object> range(Arguments arguments) {
    List<Object> bounds = arguments.only("start", "stop", "step").positional();
    if (bounds.isEmpty()) {
      throw new TemplateException("a range needs an end");
    }
    long start = bounds.size() == 1 ? 0 : Python.whole(bounds.get(0));
    long stop = Python.whole(bounds.get(bounds.size() == 1 ? 0 : 1));
    return new Range(start, stop, bounds.size() == 3 ? Python.whole(bounds.get(2)) : 1);
  }

  /** A function that gives nothing at first, and then a separator. */
  private static Callable joiner(Arguments arguments) {
    String separator = arguments.only("sep").find(0, "sep").map(PrintedText::of).orElse(", ");
    AtomicBoolean begun = new AtomicBoolean();
    return none -> begun.getAndSet(true) ? separator : "";
  }
}
