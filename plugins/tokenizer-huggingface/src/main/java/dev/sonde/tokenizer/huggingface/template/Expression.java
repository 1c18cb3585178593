package dev.sonde.tokenizer.huggingface.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What has a value. */
sealed interface Expression {
  /** A text, a number, a truth or none. */
  record Literal(Object value) implements Expression {}

  /** A variable. */
  record Name(String name) implements Expression {}

  /** {@code [a, b]}. */
  record ListDisplay(List<Expression> items) implements Expression {}

  /** {@code (a, b)}. */
  record TupleDisplay(List<Expression> items) implements Expression {}

  /** {@code {a: b}}. */
  record MappingDisplay(List<Map.Entry<Expression, Expression>> entries) implements Expression {}

  /** {@code not a}. */
  record Not(Expression operand) implements Expression {}

  /** {@code -a} or {@code +a}. */
  record Signed(boolean negative, Expression operand) implements Expression {}

  /** {@code a and b}, {@code a or b}: the value that decides. */
  record Logical(boolean isAnd, Expression left, Expression right) implements Expression {}

  /** {@code a + b} and its like. */
  record Binary(Operator operator, Expression left, Expression right) implements Expression {}

  /** {@code a ~ b ~ c}. */
  record Concatenation(List<Expression> parts) implements Expression {}

  /** {@code a < b <= c}: each with its neighbour. */
  record Comparison(Expression first, List<Compared> others) implements Expression {}

  /** {@code then if condition else otherwise}. */
  record Choice(Expression condition, Expression then, Optional<Expression> otherwise)
      implements Expression {}

  /** {@code value.name}. */
  record Attribute(Expression value, String name) implements Expression {}

  /** {@code value[key]}. */
  record Item(Expression value, Expression key) implements Expression {}

  /** {@code value[start:stop:step]}. */
  record Slice(
      Expression value,
      Optional<Expression> start,
      Optional<Expression> stop,
      Optional<Expression> step)
      implements Expression {}

  /** {@code callee(…)}. */
  record Call(Expression callee, Given given) implements Expression {}

  /** {@code value | name(…)}. */
  record Filtered(Expression value, String name, Given given) implements Expression {}

  /** {@code value is name …}. */
  record Tested(Expression value, String name, Given given) implements Expression {}

  /** A comparison operator with its right side. */
  record Compared(Comparator comparator, Expression right) {}

  /** What a comparison asks. */
  enum Comparator {
    EQUAL,
    UNEQUAL,
    LESS,
    AT_MOST,
    GREATER,
    AT_LEAST,
    IN,
    NOT_IN
  }

  /** Arithmetic. */
  enum Operator {
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    FLOOR_DIVIDE,
    REMAINDER,
    POWER
  }

  /**
   * The arguments of a call as they are written.
   *
   * @param positional {@code a}
   * @param named {@code name=a}
   * @param all {@code *a}
   * @param allNamed {@code **a}
   */
  record Given(
      List<Expression> positional,
      Map<String, Expression> named,
      Optional<Expression> all,
      Optional<Expression> allNamed) {
    static final Given NOTHING = new Given(List.of(), Map.of(), Optional.empty(), Optional.empty());

    static Given of(Expression argument) {
      return new Given(List.of(argument), Map.of(), Optional.empty(), Optional.empty());
    }
  }
}
