package dev.sonde.tokenizer.huggingface.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a template does. */
sealed interface Statement {
  /** Text that is printed as it is. */
  record Data(String text) implements Statement {}

  /** {@code {{ value }}}. */
  record Print(Expression value) implements Statement {}

  /** {@code {% if %}}, its conditions in order. */
  record If(List<Branch> branches, List<Statement> otherwise) implements Statement {}

  /** A condition of an {@code if} and what it guards. */
  record Branch(Expression condition, List<Statement> body) {}

  /** {@code {% for target in values if condition recursive %}}. */
  record For(
      Target target,
      Expression values,
      Optional<Expression> condition,
      boolean recursive,
      List<Statement> body,
      List<Statement> otherwise)
      implements Statement {}

  /** {@code {% break %}}. */
  record Break() implements Statement {}

  /** {@code {% continue %}}. */
  record Continue() implements Statement {}

  /** {@code {% set target = value %}}. */
  record Set(Target target, Expression value) implements Statement {}

  /**
   * {@code {% set target | filter %}…{% endset %}}.
   *
   * @param filtered the filters around {@link #BODY}
   */
  record SetBlock(Target target, Expression filtered, List<Statement> body) implements Statement {}

  /** {@code {% filter name %}…{% endfilter %}}; see {@link SetBlock}. */
  record FilterBlock(Expression filtered, List<Statement> body) implements Statement {}

  /** {@code {% with a = 1 %}…{% endwith %}}. */
  record With(List<Map.Entry<Target, Expression>> values, List<Statement> body)
      implements Statement {}

  /** {@code {% macro name(…) %}…{% endmacro %}}. */
  record MacroDefinition(Signature signature) implements Statement {}

  /** {@code {% call(…) macro(…) %}…{% endcall %}}. */
  record CallBlock(Signature caller, Expression.Call call) implements Statement {}

  /** {@code {% generation %}…{% endgeneration %}}: what the model is trained on. */
  record Generation(List<Statement> body) implements Statement {}

  /** Under this name the text of a block stands in the filters around it. */
  Expression.Name BODY = new Expression.Name("(body)");

  /**
   * A macro without its surroundings.
   *
   * @param usesCaller whether its body speaks of {@code caller}
   * @param usesVarargs whether its body speaks of {@code varargs}
   * @param usesKwargs whether its body speaks of {@code kwargs}
   */
  record Signature(
      String name,
      List<Parameter> parameters,
      List<Statement> body,
      boolean usesCaller,
      boolean usesVarargs,
      boolean usesKwargs) {}

  /** A parameter of a macro. */
  record Parameter(String name, Optional<Expression> absent) {}

  /** What a value is assigned to. */
  sealed interface Target {}

  /** A variable. */
  record Variable(String name) implements Target {}

  /** {@code namespace.name}. */
  record Member(String namespace, String name) implements Target {}

  /** {@code a, b}. */
  record Several(List<Target> targets) implements Target {}
}
