package dev.sonde.tokenizer.huggingface.template;

import dev.sonde.tokenizer.huggingface.template.Statement.Parameter;
import dev.sonde.tokenizer.huggingface.template.Statement.Signature;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A macro with the scope that it was written in.
 *
 * @param rendering the run that it belongs to
 */
record Macro(Signature signature, Scope scope, Rendering rendering) implements Callable {
  static final String CALLER = "caller";
  static final String VARARGS = "varargs";
  static final String KWARGS = "kwargs";

  @Override
  public Object call(Arguments arguments) {
    Scope inner = scope.inner();
    List<Object> positional = new ArrayList<>(arguments.positional());
    Map<String, Object> named = new LinkedHashMap<>(arguments.named());
    for (Parameter parameter : signature.parameters()) {
      inner.set(parameter.name(), argument(parameter, positional, named, inner));
    }
    if (signature.usesCaller()) {
      Object caller = named.remove(CALLER);
      inner.set(CALLER, caller == null ? new Undefined("no caller defined") : caller);
    }
    if (signature.usesKwargs()) {
      inner.set(KWARGS, new LinkedHashMap<Object, Object>(named));
      named.clear();
    }
    if (signature.usesVarargs()) {
      inner.set(VARARGS, new Tuple(positional));
      positional.clear();
    }
    if (!positional.isEmpty() || !named.isEmpty()) {
      throw new TemplateException(
          "macro '%s' takes %s"
              .formatted(
                  signature.name(), signature.parameters().stream().map(Parameter::name).toList()));
    }
    return rendering.called(signature.body(), inner);
  }

  private Object argument(
      Parameter parameter, List<Object> positional, Map<String, Object> named, Scope inner) {
    String name = parameter.name();
    if (!positional.isEmpty()) {
      if (named.containsKey(name)) {
        throw new TemplateException(
            "macro '%s' gets two values for '%s'".formatted(signature.name(), name));
      }
      return positional.removeFirst();
    }
    Object given = named.remove(name);
    if (given != null) {
      return given;
    }
    return parameter
        .absent()
        .map(absent -> rendering.evaluation(inner).of(absent))
        .orElseGet(() -> new Undefined("parameter '%s' was not provided".formatted(name)));
  }
}
