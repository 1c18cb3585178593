package dev.sonde.tokenizer.huggingface.template;

import com.hubspot.jinjava.objects.Namespace;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The functions that every template can call. */
final class Globals {
  /** As in Jinja2's sandbox. */
  private static final int LONGEST_RANGE = 100_000;

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
        "range", Globals::range);
  }

  private static Object raise(Arguments arguments) {
    throw new TemplateException(Text.printed(arguments.only("message").get(0, "message")));
  }

  private static Namespace namespace(Arguments arguments) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    mapping(arguments).forEach((name, value) -> attributes.put(String.valueOf(name), value));
    return new Namespace(attributes);
  }

  private static Map<Object, Object> mapping(Arguments arguments) {
    Map<Object, Object> items = new LinkedHashMap<>();
    for (Object given : arguments.positional()) {
      if (!(given instanceof Map<?, ?> map)) {
        throw TemplateException.unsupported("dict of " + Python.type(given));
      }
      items.putAll(map);
    }
    items.putAll(arguments.named());
    return items;
  }

  private static List<Object> range(Arguments arguments) {
    List<Object> bounds = arguments.only("start", "stop", "step").positional();
    if (bounds.isEmpty()) {
      throw new TemplateException("a range needs an end");
    }
    long start = bounds.size() == 1 ? 0 : Python.integer(bounds.get(0));
    long stop = Python.integer(bounds.get(bounds.size() == 1 ? 0 : 1));
    long step = bounds.size() == 3 ? Python.integer(bounds.get(2)) : 1;
    if (step == 0 || (stop - start) / step > LONGEST_RANGE) {
      throw new TemplateException("a range is longer than " + LONGEST_RANGE);
    }
    List<Object> range = new ArrayList<>();
    for (long i = start; step > 0 ? i < stop : i > stop; i += step) {
      range.add(i);
    }
    return range;
  }
}
