package dev.sonde.tokenizer.huggingface.template;

import dev.sonde.tokenizer.huggingface.template.Expression.Filtered;
import dev.sonde.tokenizer.huggingface.template.Expression.Given;
import dev.sonde.tokenizer.huggingface.template.Expression.Literal;
import dev.sonde.tokenizer.huggingface.template.Expression.Tested;
import dev.sonde.tokenizer.huggingface.template.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what stands behind a value: items, attributes, calls, filters and tests. */
final class Suffixes {
  /** Names that end a test without an argument. */
  private static final Set<String> AFTER_TEST = Set.of("else", "or", "and");

  private final TemplateTokens tokens;
  private final ExpressionParser expressions;

  Suffixes(TemplateTokens tokens, ExpressionParser expressions) {
    this.tokens = tokens;
    this.expressions = expressions;
  }

  Expression postfix(Expression start) {
    Expression value = start;
    while (true) {
      if (tokens.takeOperator(".")) {
        value = attribute(value);
      } else if (tokens.takeOperator("[")) {
        value = subscript(value);
      } else if (tokens.current().isOperator("(")) {
        value = new Expression.Call(value, given());
      } else {
        return value;
      }
    }
  }

  private Expression attribute(Expression value) {
    Token name = tokens.take();
    return switch (name.kind()) {
      case NAME -> new Expression.Attribute(value, name.text());
      case INTEGER -> new Expression.Item(value, new Literal(WholeNumbers.whole(name.text())));
      default -> throw tokens.unexpected("a name or a number");
    };
  }

  private Expression subscript(Expression value) {
    List<Expression> keys = new ArrayList<>();
    if (tokens.current().isOperator(":")) {
      return slice(value, Optional.empty());
    }
    while (!tokens.takeOperator("]")) {
      if (!keys.isEmpty()) {
        tokens.expectOperator(",");
      }
      keys.add(expressions.expression());
      if (keys.size() == 1 && tokens.current().isOperator(":")) {
        return slice(value, Optional.of(keys.getFirst()));
      }
    }
    if (keys.isEmpty()) {
      throw tokens.unexpected("a key");
    }
    return new Expression.Item(
        value, keys.size() == 1 ? keys.getFirst() : new Expression.TupleDisplay(keys));
  }

  private Expression slice(Expression value, Optional<Expression> start) {
    tokens.expectOperator(":");
    Optional<Expression> stop = bound();
    Optional<Expression> step = tokens.takeOperator(":") ? bound() : Optional.empty();
    tokens.expectOperator("]");
    return new Expression.Slice(value, start, stop, step);
  }

  private Optional<Expression> bound() {
    Token token = tokens.current();
    return token.isOperator(":") || token.isOperator("]")
        ? Optional.empty()
        : Optional.of(expressions.expression());
  }

  Expression filtersAndTests(Expression start) {
    Expression value = start;
    while (true) {
      if (tokens.current().isOperator("|")) {
        value = filters(value);
      } else if (tokens.takeName("is")) {
        value = test(value);
      } else if (tokens.current().isOperator("(")) {
        value = new Expression.Call(value, given());
      } else {
        return value;
      }
    }
  }

  /** A value behind filters; none where none follows. */
  Expression filters(Expression start) {
    Expression value = start;
    while (tokens.takeOperator("|")) {
      value = filter(value);
    }
    return value;
  }

  /** A value behind a filter, whose name comes next. */
  Expression filter(Expression value) {
    String name = dottedName();
    return new Filtered(value, name, tokens.current().isOperator("(") ? given() : Given.NOTHING);
  }

  private String dottedName() {
    StringBuilder name = new StringBuilder(tokens.expectName());
    while (tokens.takeOperator(".")) {
      name.append('.').append(tokens.expectName());
    }
    return name.toString();
  }

  private Expression test(Expression value) {
    boolean negated = tokens.takeName("not");
    String name = dottedName();
    Given given = Given.NOTHING;
    if (tokens.current().isOperator("(")) {
      given = given();
    } else if (beginsArgument(tokens.current())) {
      if (tokens.current().isName("is")) {
        throw tokens.error("tests cannot be chained with 'is'");
      }
      given = Given.of(postfix(expressions.primary()));
    }
    Expression tested = new Tested(value, name, given);
    return negated ? new Expression.Not(tested) : tested;
  }

  private static boolean beginsArgument(Token token) {
    return switch (token.kind()) {
      case NAME -> !AFTER_TEST.contains(token.text());
      case STRING, INTEGER, FLOAT -> true;
      case OPERATOR -> token.isOperator("[") || token.isOperator("{");
      default -> false;
    };
  }

  /** {@code (a, name=b, *c, **d)}. */
  private Given given() {
    tokens.expectOperator("(");
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    Optional<Expression> all = Optional.empty();
    Optional<Expression> allNamed = Optional.empty();
    boolean first = true;
    while (!tokens.takeOperator(")")) {
      if (!first) {
        tokens.expectOperator(",");
        if (tokens.takeOperator(")")) {
          break;
        }
      }
      first = false;
      if (tokens.takeOperator("*")) {
        all = Optional.of(expressions.expression());
      } else if (tokens.takeOperator("**")) {
        allNamed = Optional.of(expressions.expression());
      } else if (tokens.current().is(Kind.NAME) && tokens.following().isOperator("=")) {
        String name = tokens.expectName();
        tokens.expectOperator("=");
        named.put(name, expressions.expression());
      } else if (!named.isEmpty() || all.isPresent() || allNamed.isPresent()) {
        throw tokens.error("an argument without a name follows one with a name");
      } else {
        positional.add(expressions.expression());
      }
    }
    return new Given(positional, named, all, allNamed);
  }
}
