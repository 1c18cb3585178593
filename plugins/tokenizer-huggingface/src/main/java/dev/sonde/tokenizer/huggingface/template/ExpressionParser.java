package dev.sonde.tokenizer.huggingface.template;

import dev.sonde.tokenizer.huggingface.template.Expression.Binary;
import dev.sonde.tokenizer.huggingface.template.Expression.Comparator;
import dev.sonde.tokenizer.huggingface.template.Expression.Compared;
import dev.sonde.tokenizer.huggingface.template.Expression.Literal;
import dev.sonde.tokenizer.huggingface.template.Expression.Name;
import dev.sonde.tokenizer.huggingface.template.Expression.Operator;
import dev.sonde.tokenizer.huggingface.template.Token.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Reads expressions; the methods are the rules of Jinja2's grammar, the loosest first. */
final class ExpressionParser {
  private static final Map<String, Comparator> COMPARATORS =
      Map.of(
          "==", Comparator.EQUAL,
          "!=", Comparator.UNEQUAL,
          "<", Comparator.LESS,
          "<=", Comparator.AT_MOST,
          ">", Comparator.GREATER,
          ">=", Comparator.AT_LEAST);
  private static final Map<String, Operator> SUMS =
      Map.of("+", Operator.ADD, "-", Operator.SUBTRACT);
  private static final Map<String, Operator> PRODUCTS =
      Map.of(
          "*", Operator.MULTIPLY,
          "/", Operator.DIVIDE,
          "//", Operator.FLOOR_DIVIDE,
          "%", Operator.REMAINDER);
  private static final Map<String, Operator> POWERS = Map.of("**", Operator.POWER);

  private final TemplateTokens tokens;
  private final Suffixes suffixes;
  private Set<String> names = new HashSet<>();

  ExpressionParser(TemplateTokens tokens) {
    this.tokens = tokens;
    this.suffixes = new Suffixes(tokens, this);
  }

  /** Puts the variables that are read from now on into a set; gives the set before. */
  Set<String> collectNames(Set<String> into) {
    Set<String> before = names;
    names = into;
    return before;
  }

  Suffixes suffixes() {
    return suffixes;
  }

  Expression expression() {
    tokens.enter();
    Expression value = disjunction();
    while (tokens.takeName("if")) {
      Expression condition = disjunction();
      Optional<Expression> otherwise =
          tokens.takeName("else") ? Optional.of(expression()) : Optional.empty();
      value = new Expression.Choice(condition, value, otherwise);
    }
    tokens.leave();
    return value;
  }

  /** One expression, or several with commas as a tuple. */
  Expression tuple() {
    return tuple(this::expression, Set.of(), false);
  }

  /**
   * As {@link #tuple}, of expressions that are no choices.
   *
   * @param ends names that end it
   */
  Expression unconditional(Set<String> ends) {
    return tuple(this::disjunction, ends, false);
  }

  private Expression tuple(Supplier<Expression> item, Set<String> ends, boolean mayBeEmpty) {
    List<Expression> items = new ArrayList<>();
    boolean isTuple = false;
    while (!endsTuple(ends)) {
      items.add(item.get());
      if (!tokens.takeOperator(",")) {
        break;
      }
      isTuple = true;
    }
    if (!isTuple && items.size() == 1) {
      return items.getFirst();
    }
    if (!isTuple && !mayBeEmpty) {
      throw tokens.unexpected("an expression");
    }
    return new Expression.TupleDisplay(items);
  }

  private boolean endsTuple(Set<String> ends) {
    Token token = tokens.current();
    return token.is(Kind.VARIABLE_END)
        || token.is(Kind.BLOCK_END)
        || token.isOperator(")")
        || (token.is(Kind.NAME) && ends.contains(token.text()));
  }

  private Expression disjunction() {
    Expression left = conjunction();
    while (tokens.takeName("or")) {
      left = new Expression.Logical(false, left, conjunction());
    }
    return left;
  }

  private Expression conjunction() {
    Expression left = negation();
    while (tokens.takeName("and")) {
      left = new Expression.Logical(true, left, negation());
    }
    return left;
  }

  private Expression negation() {
    if (!tokens.takeName("not")) {
      return comparison();
    }
    tokens.enter();
    Expression negated = new Expression.Not(negation());
    tokens.leave();
    return negated;
  }

  private Expression comparison() {
    Expression first = sum();
    List<Compared> others = new ArrayList<>();
    for (Optional<Comparator> next = comparator(); next.isPresent(); next = comparator()) {
      others.add(new Compared(next.get(), sum()));
    }
    return others.isEmpty() ? first : new Expression.Comparison(first, others);
  }

  private Optional<Comparator> comparator() {
    if (tokens.takeName("in")) {
      return Optional.of(Comparator.IN);
    }
    if (tokens.current().isName("not") && tokens.following().isName("in")) {
      tokens.take();
      tokens.take();
      return Optional.of(Comparator.NOT_IN);
    }
    return operator(COMPARATORS);
  }

  private <T> Optional<T> operator(Map<String, T> operators) {
    Token token = tokens.current();
    return token.is(Kind.OPERATOR) && operators.containsKey(token.text())
        ? Optional.ofNullable(operators.get(tokens.take().text()))
        : Optional.empty();
  }

  private Expression sum() {
    return binary(SUMS, this::concatenation);
  }

  private Expression concatenation() {
    List<Expression> parts = new ArrayList<>(List.of(product()));
    while (tokens.takeOperator("~")) {
      parts.add(product());
    }
    return parts.size() == 1 ? parts.getFirst() : new Expression.Concatenation(parts);
  }

  private Expression product() {
    return binary(PRODUCTS, this::power);
  }

  private Expression power() {
    return binary(POWERS, () -> unary(true));
  }

  private Expression binary(Map<String, Operator> operators, Supplier<Expression> operand) {
    Expression left = operand.get();
    for (Optional<Operator> next = operator(operators);
        next.isPresent();
        next = operator(operators)) {
      left = new Binary(next.get(), left, operand.get());
    }
    return left;
  }

  private Expression unary(boolean withFilters) {
    tokens.enter();
    Expression value;
    if (tokens.current().isOperator("-") || tokens.current().isOperator("+")) {
      boolean negative = tokens.take().text().equals("-");
      value = new Expression.Signed(negative, unary(false));
    } else {
      value = primary();
    }
    value = suffixes.postfix(value);
    tokens.leave();
    return withFilters ? suffixes.filtersAndTests(value) : value;
  }

  Expression primary() {
    Token token = tokens.take();
    return switch (token.kind()) {
      case NAME ->
          switch (token.text()) {
            case "true", "True" -> new Literal(true);
            case "false", "False" -> new Literal(false);
            case "none", "None" -> new Literal(None.NONE);
            default -> {
              names.add(token.text());
              yield new Name(token.text());
            }
          };
      case STRING -> new Literal(joined(token));
      case INTEGER -> new Literal(WholeNumbers.whole(token.text()));
      case FLOAT -> new Literal(Double.parseDouble(token.text().replace("_", "")));
      default -> {
        if (token.isOperator("(")) {
          Expression inner = tuple(this::expression, Set.of(), true);
          tokens.expectOperator(")");
          yield inner;
        }
        if (token.isOperator("[")) {
          yield new Expression.ListDisplay(items("]", this::expression));
        }
        if (token.isOperator("{")) {
          yield new Expression.MappingDisplay(items("}", this::entry));
        }
        throw new TemplateException(
            "line %d: unexpected %s".formatted(token.line(), token.described()));
      }
    };
  }

  /** Texts that stand side by side are one. */
  private String joined(Token first) {
    StringBuilder text = new StringBuilder(first.text());
    while (tokens.current().is(Kind.STRING)) {
      text.append(tokens.take().text());
    }
    return text.toString();
  }

  private <T> List<T> items(String close, Supplier<T> item) {
    List<T> items = new ArrayList<>();
    while (!tokens.takeOperator(close)) {
      if (!items.isEmpty()) {
        tokens.expectOperator(",");
        if (tokens.takeOperator(close)) {
          break;
        }
      }
      items.add(item.get());
    }
    return items;
  }

  private Map.Entry<Expression, Expression> entry() {
    Expression key = expression();
    tokens.expectOperator(":");
    return Map.entry(key, expression());
  }
}
