package dev.sonde.tokenizer.huggingface.template;

import java.util.LinkedHashMap;
import java.util.Map;

/** What {@code namespace(…)} gives: attributes that inner scopes can set. */
final class Namespace {
  private final Map<String, Object> attributes = new LinkedHashMap<>();

  /** The attribute; undefined where it was never set. */
  Object get(String name) {
    Object value = attributes.get(name);
    return value == null ? new Undefined("the namespace has no '%s'".formatted(name)) : value;
  }

  void set(String name, Object value) {
    if (name.startsWith("_")) {
      throw new TemplateException("a namespace's '%s' begins with '_'".formatted(name));
    }
    attributes.put(name, value);
  }
}
