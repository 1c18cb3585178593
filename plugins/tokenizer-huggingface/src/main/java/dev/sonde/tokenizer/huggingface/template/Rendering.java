package dev.sonde.tokenizer.huggingface.template;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.lib.fn.MacroFunction;
import com.hubspot.jinjava.objects.Namespace;
import com.hubspot.jinjava.tree.Node;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jinjava.de.odysseus.el.tree.impl.ast.AstNode;
import org.jspecify.annotations.Nullable;

/**
 * One run of a template: its variables, and the bounds it must keep. What Jinjava would note and
 * pass over is an error here.
 */
final class Rendering extends JinjavaInterpreter {
  /** Evaluated nodes and loop passes; a thousand messages need some hundred thousand. */
  private static final int MOST_STEPS = 2_000_000;

  private static final int DEEPEST_CALL = 100;

  /** What Jinja2 defines and is not here. */
  private static final Set<String> UNSUPPORTED =
      Set.of("self", "lipsum", "cycler", "joiner", "varargs", "kwargs");

  private final Jinjava jinjava;
  private final Expressions expressions;
  private final Map<String, Callable> globals;
  private final Work work;

  Rendering(
      Jinjava jinjava, Context context, Expressions expressions, Map<String, Callable> globals) {
    super(jinjava, context, jinjava.getGlobalConfig());
    this.jinjava = jinjava;
    this.expressions = expressions;
    this.globals = globals;
    this.work = new Work();
  }

  private Rendering(Rendering outer, Context scope) {
    super(outer.jinjava, scope, outer.getConfig());
    this.jinjava = outer.jinjava;
    this.expressions = outer.expressions;
    this.globals = outer.globals;
    this.work = outer.work;
  }

  /** What a run has done, in all its scopes. */
  private static final class Work {
    private int steps;
    private int calls;
  }

  /** The run that the thread is in. */
  static Rendering current() {
    return (Rendering) getCurrent();
  }

  /** Reads a template; Jinjava asks the current run how. */
  Node read(String template) {
    try (var current = closeablePushCurrent(this).get()) {
      return current.value().parse(template);
    }
  }

  String text(Node template) {
    try (var current = closeablePushCurrent(this).get()) {
      return current.value().render(template);
    }
  }

  /** Counts work, so that no template runs forever. */
  void step() {
    if (++work.steps > MOST_STEPS) {
      throw new TemplateException("the template does not come to an end");
    }
  }

  /** The value of a name. */
  Object variable(String name) {
    step();
    @Nullable Object value = getContext().get(name);
    if (value != null) {
      return Python.value(value);
    }
    @Nullable MacroFunction macro = getContext().getGlobalMacro(name);
    if (macro != null) {
      return (Callable) arguments -> call(macro, arguments);
    }
    @Nullable Callable global = globals.get(name);
    if (UNSUPPORTED.contains(name)) {
      throw TemplateException.unsupported("'%s'".formatted(name));
    }
    return global == null ? new Undefined("'%s' is undefined".formatted(name)) : global;
  }

  private Object call(MacroFunction macro, Arguments arguments) {
    if (work.calls == DEEPEST_CALL) {
      throw new TemplateException("macros call each other without end");
    }
    work.calls++;
    try {
      return macro.evaluate(arguments.forMacro());
    } finally {
      work.calls--;
    }
  }

  /** The text of nodes that see other variables. */
  String text(List<Node> nodes, Context scope) {
    try (var inner = closeablePushCurrent(new Rendering(this, scope)).get()) {
      return ((Rendering) inner.value()).text(nodes);
    }
  }

  /** The text of nodes one after the other. */
  String text(List<Node> nodes) {
    StringBuilder text = new StringBuilder();
    for (Node node : nodes) {
      Methods.append(text, node.render(this).getValue());
    }
    return text.toString();
  }

  /** The names on the left of {@code =} or {@code in}. */
  static List<String> names(String written) {
    String names = written.strip();
    boolean tuple = names.startsWith("(") && names.endsWith(")");
    return List.of(
        (tuple ? names.substring(1, names.length() - 1).strip() : names).split("\\s*,\\s*", -1));
  }

  /** Gives names their values. */
  void assign(List<String> names, Object value) {
    if (names.size() == 1) {
      assign(names.getFirst(), value);
      return;
    }
    List<Object> values = Python.iterable(value);
    if (values.size() != names.size()) {
      throw new TemplateException("%d names for %d values".formatted(names.size(), values.size()));
    }
    for (int i = 0; i < values.size(); i++) {
      assign(names.get(i), values.get(i));
    }
  }

  private void assign(String name, Object value) {
    int dot = name.indexOf('.');
    if (dot < 0) {
      getContext().put(name, value);
    } else if (variable(name.substring(0, dot)) instanceof Namespace namespace) {
      namespace.put(name.substring(dot + 1), value);
    } else {
      throw new TemplateException("'%s' is set, but is no namespace's".formatted(name));
    }
  }

  /** The value of an expression. */
  Object value(String expression) {
    return value(expressions.parse(expression));
  }

  /** The value of a parsed expression. */
  Object value(AstNode expression) {
    step();
    return Python.value(expression.eval(null, null));
  }

  /** A parsed expression. */
  AstNode parsed(String expression) {
    return expressions.parse(expression);
  }

  @Override
  public Object resolveELExpression(String expression, int line) {
    return value(expression);
  }

  @Override
  public String getAsString(Object value) {
    return Text.printed(value);
  }

  @Override
  public void addError(TemplateError error) {
    throw error.getException() instanceof TemplateException own
        ? own
        : new TemplateException(String.valueOf(error.getMessage()));
  }
}
