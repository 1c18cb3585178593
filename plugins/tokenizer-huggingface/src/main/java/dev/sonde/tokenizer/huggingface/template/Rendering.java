package dev.sonde.tokenizer.huggingface.template;

import dev.sonde.tokenizer.huggingface.template.Statement.Branch;
import dev.sonde.tokenizer.huggingface.template.Statement.Signature;
import dev.sonde.tokenizer.huggingface.template.Statement.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** One run of a template, with the bounds it must keep. */
final class Rendering {
  /** Evaluated nodes and loop passes; a thousand messages need some hundred thousand. */
  private static final int MOST_STEPS = 2_000_000;

  private static final int DEEPEST_CALL = 100;
  private static final String LOOP = "loop";

  private int steps;
  private int calls;

  /** How a list of statements ended. */
  private enum End {
    REACHED,
    BREAK,
    CONTINUE
  }

  /**
   * The text of a template.
   *
   * @param variables what it may name, as {@link Python} has values
   */
  static String text(List<Statement> template, Map<String, ?> variables) {
    return new Rendering().text(template, Scope.of(variables).inner());
  }

  /** Counts work, so that no template runs forever. */
  void step() {
    if (++steps > MOST_STEPS) {
      throw new TemplateException("the template does not come to an end");
    }
  }

  ExpressionValues evaluation(Scope scope) {
    return new ExpressionValues(this, scope);
  }

  /** The text of a macro's body. */
  String called(List<Statement> body, Scope scope) {
    if (calls == DEEPEST_CALL) {
      throw new TemplateException("macros call each other without end");
    }
    calls++;
    String text = text(body, scope);
    calls--;
    return text;
  }

  private String text(List<Statement> statements, Scope scope) {
    StringBuilder out = new StringBuilder();
    run(statements, scope, out);
    return out.toString();
  }

  private End run(List<Statement> statements, Scope scope, StringBuilder out) {
    for (Statement statement : statements) {
      End end = run(statement, scope, out);
      if (end != End.REACHED) {
        return end;
      }
    }
    return End.REACHED;
  }

  private End run(Statement statement, Scope scope, StringBuilder out) {
    step();
    ExpressionValues evaluation = evaluation(scope);
    switch (statement) {
      case Statement.Data data -> Strings.append(out, data.text());
      case Statement.Print print ->
          Strings.append(out, PrintedText.printed(evaluation.of(print.value())));
      case Statement.If condition -> {
        return condition(condition, evaluation, scope, out);
      }
      case Statement.For loop -> loop(loop, evaluation.of(loop.values()), scope, out, 0);
      case Statement.Break end -> {
        return End.BREAK;
      }
      case Statement.Continue next -> {
        return End.CONTINUE;
      }
      case Statement.Set set -> assign(set.target(), evaluation.marked(set.value()), scope);
      case Statement.SetBlock set ->
          assign(set.target(), filtered(set.filtered(), set.body(), scope), scope);
      case Statement.FilterBlock filter ->
          Strings.append(
              out, PrintedText.printed(filtered(filter.filtered(), filter.body(), scope)));
      case Statement.With with -> {
        return with(with, evaluation, scope, out);
      }
      case Statement.MacroDefinition macro ->
          scope.set(macro.signature().name(), macro(macro.signature(), scope));
      case Statement.CallBlock call ->
          Strings.append(
              out,
              PrintedText.printed(
                  evaluation.call(call.call(), Map.of(Macro.CALLER, macro(call.caller(), scope)))));
      case Statement.Generation generation ->
          Strings.append(out, text(generation.body(), scope.inner()));
    }
    return End.REACHED;
  }

  private Macro macro(Signature signature, Scope scope) {
    return new Macro(signature, scope, this);
  }

  private End condition(
      Statement.If condition, ExpressionValues evaluation, Scope scope, StringBuilder out) {
    for (Branch branch : condition.branches()) {
      if (Python.truth(evaluation.of(branch.condition()))) {
        return run(branch.body(), scope, out);
      }
    }
    return run(condition.otherwise(), scope, out);
  }

  private Object filtered(Expression filters, List<Statement> body, Scope scope) {
    Scope inner = scope.inner();
    inner.set(Statement.BODY.name(), text(body, scope.inner()));
    return evaluation(inner).of(filters);
  }

  private End with(
      Statement.With with, ExpressionValues evaluation, Scope scope, StringBuilder out) {
    Scope inner = scope.inner();
    for (Map.Entry<Target, Expression> value : with.values()) {
      assign(value.getKey(), evaluation.marked(value.getValue()), inner);
    }
    return run(with.body(), inner, out);
  }

  private void loop(Statement.For loop, Object values, Scope scope, StringBuilder out, int depth) {
    List<Object> items = new ArrayList<>();
    for (Object item : Python.iterable(values)) {
      step();
      if (isWanted(loop, item, scope)) {
        items.add(item);
      }
    }
    Optional<UnaryOperator<Object>> recursion =
        loop.recursive()
            ? Optional.of(inner -> nested(loop, inner, scope, depth + 1))
            : Optional.empty();
    Loop state = new Loop(items, depth, recursion);
    for (Optional<Object> item = state.next(); item.isPresent(); item = state.next()) {
      step();
      Scope inner = scope.inner();
      inner.set(LOOP, state);
      assign(loop.target(), item.get(), inner);
      if (run(loop.body(), inner, out) == End.BREAK) {
        break;
      }
    }
    if (items.isEmpty()) {
      run(loop.otherwise(), scope.inner(), out);
    }
  }

  private String nested(Statement.For loop, Object values, Scope scope, int depth) {
    if (depth > DEEPEST_CALL) {
      throw new TemplateException("a loop calls itself without end");
    }
    StringBuilder out = new StringBuilder();
    loop(loop, values, scope, out, depth);
    return out.toString();
  }

  private boolean isWanted(Statement.For loop, Object item, Scope scope) {
    if (loop.condition().isEmpty()) {
      return true;
    }
    Scope inner = scope.inner();
    assign(loop.target(), item, inner);
    return Python.truth(evaluation(inner).of(loop.condition().get()));
  }

  private void assign(Target target, Object value, Scope scope) {
    switch (target) {
      case Statement.Variable variable -> scope.set(variable.name(), value);
      case Statement.Member member -> {
        if (!(scope.get(member.namespace()) instanceof Namespace namespace)) {
          throw new TemplateException(
              "'%s.%s' is set, but '%s' is no namespace"
                  .formatted(member.namespace(), member.name(), member.namespace()));
        }
        namespace.set(member.name(), value);
      }
      case Statement.Several several -> {
        List<Object> values = Python.iterable(Markup.plain(value));
        if (values.size() != several.targets().size()) {
          throw new TemplateException(
              "%d names for %d values".formatted(several.targets().size(), values.size()));
        }
        for (int i = 0; i < values.size(); i++) {
          assign(several.targets().get(i), values.get(i), scope);
        }
      }
    }
  }
}
