package dev.sonde.tokenizer.huggingface.template;

import dev.sonde.tokenizer.huggingface.template.Expression.Comparator;
import dev.sonde.tokenizer.huggingface.template.Expression.Compared;
import dev.sonde.tokenizer.huggingface.template.Expression.Given;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The values of expressions in a scope. */
final class ExpressionValues {
  /** What Jinja2 defines and is not here. */
  private static final Set<String> UNSUPPORTED = Set.of("lipsum");

  private final Rendering rendering;
  private final Scope scope;

  ExpressionValues(Rendering rendering, Scope scope) {
    this.rendering = rendering;
    this.scope = scope;
  }

  /** The value of an expression. */
  Object of(Expression expression) {
    return Markup.plain(marked(expression));
  }

  /** The value of an expression; a text that Python takes for HTML as {@link Markup}. */
  Object marked(Expression expression) {
    rendering.step();
    return switch (expression) {
      case Expression.Literal literal -> literal.value();
      case Expression.Name name -> variable(name.name());
      case Expression.ListDisplay list -> all(list.items());
      case Expression.TupleDisplay tuple -> new Tuple(all(tuple.items()));
      case Expression.MappingDisplay mapping -> mapping(mapping);
      case Expression.Not not -> !Python.truth(of(not.operand()));
      case Expression.Signed signed -> signed(signed);
      case Expression.Logical logical -> {
        Object left = marked(logical.left());
        yield Python.truth(Markup.plain(left)) == logical.isAnd() ? marked(logical.right()) : left;
      }
      case Expression.Binary binary -> binary(binary);
      case Expression.Concatenation concatenation -> {
        StringBuilder whole = new StringBuilder();
        for (Expression part : concatenation.parts()) {
          Strings.append(whole, PrintedText.printed(of(part)));
        }
        yield whole.toString();
      }
      case Expression.Comparison comparison -> comparison(comparison);
      case Expression.Choice choice -> choice(choice);
      case Expression.Attribute attribute ->
          switch (marked(attribute.value())) {
            case Markup markup -> markup.attribute(attribute.name());
            case Object value -> Python.attribute(value, attribute.name());
          };
      case Expression.Item item -> {
        Object value = marked(item.value());
        Object found = Python.item(Markup.plain(value), of(item.key()));
        yield value instanceof Markup ? Markup.marked(found) : found;
      }
      case Expression.Slice slice -> {
        Object value = marked(slice.value());
        Object part =
            Python.slice(
                Markup.plain(value), of(slice.start()), of(slice.stop()), of(slice.step()));
        yield value instanceof Markup ? Markup.marked(part) : part;
      }
      case Expression.Call call -> call(call, Map.of());
      case Expression.Filtered filtered ->
          Markup.filtered(filtered.name(), marked(filtered.value()), arguments(filtered.given()));
      case Expression.Tested tested ->
          Tests.holds(tested.name(), of(tested.value()), arguments(tested.given()));
    };
  }

  private Object variable(String name) {
    Object value = scope.get(name);
    if (value instanceof Undefined && name.equals(TemplateReference.NAME)) {
      return new TemplateReference();
    }
    if (value instanceof Undefined && UNSUPPORTED.contains(name)) {
      throw TemplateException.unsupported("'%s'".formatted(name));
    }
    return value;
  }

  private Object of(Optional<Expression> expression) {
    return expression.map(this::of).orElse(None.NONE);
  }

  private List<Object> all(List<Expression> expressions) {
    List<Object> values = new ArrayList<>();
    expressions.forEach(each -> values.add(of(each)));
    return values;
  }

  private Object mapping(Expression.MappingDisplay display) {
    Map<Object, Object> mapping = new LinkedHashMap<>();
    for (Map.Entry<Expression, Expression> entry : display.entries()) {
      mapping.put(of(entry.getKey()), of(entry.getValue()));
    }
    return mapping;
  }

  private Object signed(Expression.Signed signed) {
    Object value = of(signed.operand());
    return signed.negative() ? Arithmetic.negate(value) : Arithmetic.positive(value);
  }

  private Object binary(Expression.Binary binary) {
    Object left = marked(binary.left());
    Object right = marked(binary.right());
    if (left instanceof Markup || right instanceof Markup) {
      return Markup.operated(binary.operator(), left, right);
    }
    return switch (binary.operator()) {
      case ADD -> Arithmetic.add(left, right);
      case SUBTRACT -> Arithmetic.subtract(left, right);
      case MULTIPLY -> Arithmetic.multiply(left, right);
      case DIVIDE -> Arithmetic.divide(left, right);
      case FLOOR_DIVIDE -> Arithmetic.floorDivide(left, right);
      case REMAINDER -> Arithmetic.remainder(left, right);
      case POWER -> Arithmetic.power(left, right);
    };
  }

  private Object comparison(Expression.Comparison comparison) {
    Object left = of(comparison.first());
    for (Compared compared : comparison.others()) {
      Object right = of(compared.right());
      if (!holds(compared.comparator(), left, right)) {
        return false;
      }
      left = right;
    }
    return true;
  }

  private static boolean holds(Comparator comparator, Object left, Object right) {
    return switch (comparator) {
      case EQUAL -> Python.equal(left, right);
      case UNEQUAL -> !Python.equal(left, right);
      case LESS -> Python.compare(left, right) < 0;
      case AT_MOST -> Python.compare(left, right) <= 0;
      case GREATER -> Python.compare(left, right) > 0;
      case AT_LEAST -> Python.compare(left, right) >= 0;
      case IN -> Python.contains(right, left);
      case NOT_IN -> !Python.contains(right, left);
    };
  }

  /** Undefined where the else is left out and needed. */
  private Object choice(Expression.Choice choice) {
    if (Python.truth(of(choice.condition()))) {
      return marked(choice.then());
    }
    return choice.otherwise().isPresent()
        ? marked(choice.otherwise().get())
        : new Undefined("the condition without else is false");
  }

  /**
   * What a call gives.
   *
   * @param further named arguments beside the written ones
   */
  Object call(Expression.Call call, Map<String, Object> further) {
    Object callee = of(call.callee());
    Arguments arguments = arguments(call.given());
    if (!further.isEmpty()) {
      Map<String, Object> named = new LinkedHashMap<>(arguments.named());
      named.putAll(further);
      arguments = new Arguments(arguments.positional(), named);
    }
    return switch (callee) {
      case Callable callable -> callable.call(arguments);
      case Undefined undefined -> throw undefined.error();
      default -> throw new TemplateException(Python.type(callee) + " is no function");
    };
  }

  private Arguments arguments(Given given) {
    if (given.equals(Given.NOTHING)) {
      return Arguments.NONE;
    }
    List<Object> positional = all(given.positional());
    given.all().ifPresent(all -> positional.addAll(Python.iterable(of(all))));
    Map<String, Object> named = new LinkedHashMap<>();
    given.named().forEach((name, value) -> named.put(name, of(value)));
    if (given.allNamed().isPresent()) {
      if (!(of(given.allNamed().get()) instanceof Map<?, ?> map)) {
        throw new TemplateException("'**' is for mappings");
      }
      map.forEach((name, value) -> named.put(PrintedText.of(name), value));
    }
    return new Arguments(positional, named);
  }
}
