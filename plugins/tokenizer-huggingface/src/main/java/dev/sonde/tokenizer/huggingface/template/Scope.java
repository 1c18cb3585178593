package dev.sonde.tokenizer.huggingface.template;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The variables of a block. Loops, macros and {@code with} have scopes of their own; conditions
 * have none.
 */
final class Scope {
  private final Optional<Scope> outer;
  private final Map<String, Object> variables = new HashMap<>();

  private Scope(Optional<Scope> outer) {
    this.outer = outer;
  }

  /** The outermost scope. */
  static Scope of(Map<String, ?> variables) {
    Scope scope = new Scope(Optional.empty());
    scope.variables.putAll(variables);
    return scope;
  }

  Scope inner() {
    return new Scope(Optional.of(this));
  }

  void set(String name, Object value) {
    variables.put(name, value);
  }

  Object get(String name) {
    Optional<Scope> scope = Optional.of(this);
    while (scope.isPresent()) {
      @Nullable Object value = scope.get().variables.get(name);
      if (value != null) {
        return value;
      }
      scope = scope.get().outer;
    }
    return new Undefined("'%s' is undefined".formatted(name));
  }
}
