package dev.sonde.tokenizer.huggingface.template;

import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.lib.fn.MacroFunction;
import com.hubspot.jinjava.tree.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A macro of a template. */
final class Macro extends MacroFunction {
  private static final String CALLER = "caller";

  Macro(List<Node> body, String name, Map<String, Object> defaults, Context scope) {
    super(body, name, new LinkedHashMap<>(defaults), false, scope, 0, 0);
  }

  @Override
  public Object doEvaluate(
      Map<String, Object> arguments, Map<String, Object> further, List<Object> more) {
    if (!further.isEmpty() || !more.isEmpty()) {
      throw new TemplateException("macro '%s' takes %s".formatted(getName(), getArguments()));
    }
    Context scope = new Context(localContextScope);
    arguments.forEach(
        (name, value) ->
            scope.put(
                name, value == null ? new Undefined("'%s' is undefined".formatted(name)) : value));
    @Nullable MacroFunction caller = Rendering.current().getContext().getGlobalMacro(CALLER);
    if (caller != null) {
      scope.addGlobalMacro(caller);
    }
    return Rendering.current().text(content, scope);
  }
}
