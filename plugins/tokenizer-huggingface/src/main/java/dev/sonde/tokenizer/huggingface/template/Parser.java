package dev.sonde.tokenizer.huggingface.template;

import dev.sonde.tokenizer.huggingface.template.Statement.Branch;
import dev.sonde.tokenizer.huggingface.template.Statement.Parameter;
import dev.sonde.tokenizer.huggingface.template.Statement.Signature;
import dev.sonde.tokenizer.huggingface.template.Statement.Target;
import dev.sonde.tokenizer.huggingface.template.Token.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the statements of a template. */
final class Parser {
  /** Jinja2's statements that read other templates, or that a chat template has no use for. */
  private static final Set<String> UNSUPPORTED =
      Set.of("block", "extends", "include", "import", "from", "autoescape");

  private final TemplateTokens tokens;
  private final ExpressionParser expressions;
  private int loops;

  private Parser(List<Token> tokens) {
    this.tokens = new TemplateTokens(tokens);
    this.expressions = new ExpressionParser(this.tokens);
  }

  /**
   * The statements of a template.
   *
   * @throws TemplateException where it is malformed
   */
  static List<Statement> statements(String template) {
    return new Parser(Lexer.tokens(template)).body();
  }

  /** Statements up to a tag with one of the names, which is the current token then. */
  private List<Statement> body(String... ends) {
    List<Statement> statements = new ArrayList<>();
    tokens.enter();
    while (!tokens.current().is(Kind.END)) {
      Token token = tokens.take();
      switch (token.kind()) {
        case DATA -> statements.add(new Statement.Data(token.text()));
        case VARIABLE_BEGIN -> {
          statements.add(new Statement.Print(expressions.tuple()));
          tokens.expect(Kind.VARIABLE_END, "'}}'");
        }
        default -> {
          if (tokens.current().is(Kind.NAME) && Set.of(ends).contains(tokens.current().text())) {
            tokens.leave();
            return statements;
          }
          statements.addAll(statement());
          endOfTag();
        }
      }
    }
    if (ends.length > 0) {
      throw tokens.unexpected("{% " + ends[ends.length - 1] + " %}");
    }
    tokens.leave();
    return statements;
  }

  private void endOfTag() {
    tokens.expect(Kind.BLOCK_END, "'%}'");
  }

  /** Statements up to the tag of that name, which is read. */
  private List<Statement> block(String end) {
    endOfTag();
    List<Statement> body = body(end);
    tokens.take();
    return body;
  }

  private List<Statement> statement() {
    Token name = tokens.expect(Kind.NAME, "the name of a tag");
    return switch (name.text()) {
      case "if" -> List.of(condition());
      case "for" -> List.of(loop());
      case "break", "continue" -> List.of(jump(name));
      case "set" -> List.of(assignment());
      case "with" -> List.of(with());
      case "macro" -> List.of(macro());
      case "call" -> List.of(call(name));
      case "filter" -> {
        Expression filtered =
            expressions.suffixes().filters(expressions.suffixes().filter(Statement.BODY));
        yield List.of(new Statement.FilterBlock(filtered, block("endfilter")));
      }
      case "print" -> printed();
      case "generation" -> List.of(new Statement.Generation(block("endgeneration")));
      default -> {
        if (UNSUPPORTED.contains(name.text())) {
          throw TemplateException.unsupported(
              "line %d: {%% %s %%}".formatted(name.line(), name.text()));
        }
        throw new TemplateException(
            "line %d: there is no tag '%s'".formatted(name.line(), name.text()));
      }
    };
  }

  private Statement condition() {
    List<Branch> branches = new ArrayList<>();
    List<Statement> otherwise = List.of();
    String next;
    do {
      Expression condition = expressions.unconditional(Set.of());
      endOfTag();
      branches.add(new Branch(condition, body("elif", "else", "endif")));
      next = tokens.take().text();
    } while (next.equals("elif"));
    if (next.equals("else")) {
      otherwise = block("endif");
    }
    return new Statement.If(branches, otherwise);
  }

  private Statement loop() {
    Target target = target(false, "in");
    if (!tokens.takeName("in")) {
      throw tokens.unexpected("'in'");
    }
    Expression values = expressions.unconditional(Set.of("recursive"));
    Optional<Expression> condition =
        tokens.takeName("if") ? Optional.of(expressions.expression()) : Optional.empty();
    boolean recursive = tokens.takeName("recursive");
    endOfTag();
    loops++;
    List<Statement> body = body("else", "endfor");
    loops--;
    List<Statement> otherwise = tokens.take().text().equals("else") ? block("endfor") : List.of();
    return new Statement.For(target, values, condition, recursive, body, otherwise);
  }

  private Statement jump(Token name) {
    if (loops == 0) {
      throw new TemplateException(
          "line %d: '%s' stands outside a loop".formatted(name.line(), name.text()));
    }
    return name.text().equals("break") ? new Statement.Break() : new Statement.Continue();
  }

  private Statement assignment() {
    Target target = target(true, "=");
    if (tokens.takeOperator("=")) {
      return new Statement.Set(target, expressions.tuple());
    }
    Expression filtered = expressions.suffixes().filters(Statement.BODY);
    return new Statement.SetBlock(target, filtered, block("endset"));
  }

  private Statement with() {
    List<Map.Entry<Target, Expression>> values = new ArrayList<>();
    while (!tokens.current().is(Kind.BLOCK_END)) {
      if (!values.isEmpty()) {
        tokens.expectOperator(",");
      }
      Target target = single(false);
      tokens.expectOperator("=");
      values.add(Map.entry(target, expressions.expression()));
    }
    return new Statement.With(values, block("endwith"));
  }

  private Statement macro() {
    String name = tokens.expectName();
    return new Statement.MacroDefinition(signature(name, parameters(), "endmacro"));
  }

  private Statement call(Token tag) {
    List<Parameter> parameters =
        tokens.current().isOperator("(") ? parameters() : List.<Parameter>of();
    if (!(expressions.expression() instanceof Expression.Call call)) {
      throw new TemplateException("line %d: {%% call %%} calls nothing".formatted(tag.line()));
    }
    return new Statement.CallBlock(signature(Macro.CALLER, parameters, "endcall"), call);
  }

  /** A macro's inside: loops around it are none of its own. */
  private Signature signature(String name, List<Parameter> parameters, String end) {
    int around = loops;
    Set<String> outer = expressions.collectNames(new HashSet<>());
    loops = 0;
    List<Statement> body = block(end);
    loops = around;
    Set<String> inner = expressions.collectNames(outer);
    outer.addAll(inner);
    return new Signature(
        name,
        parameters,
        body,
        inner.contains(Macro.CALLER),
        inner.contains(Macro.VARARGS),
        inner.contains(Macro.KWARGS));
  }

  private List<Parameter> parameters() {
    List<Parameter> parameters = new ArrayList<>();
    tokens.expectOperator("(");
    while (!tokens.takeOperator(")")) {
      if (!parameters.isEmpty()) {
        tokens.expectOperator(",");
      }
      String name = tokens.expectName();
      Optional<Expression> absent =
          tokens.takeOperator("=") ? Optional.of(expressions.expression()) : Optional.empty();
      if (absent.isEmpty() && !parameters.isEmpty() && parameters.getLast().absent().isPresent()) {
        throw tokens.error("a parameter without a default follows one with a default");
      }
      parameters.add(new Parameter(name, absent));
    }
    return parameters;
  }

  private List<Statement> printed() {
    List<Statement> printed = new ArrayList<>();
    while (!tokens.current().is(Kind.BLOCK_END)) {
      if (!printed.isEmpty()) {
        tokens.expectOperator(",");
      }
      printed.add(new Statement.Print(expressions.expression()));
    }
    return printed;
  }

  /** What stands in front of {@code =} or {@code in}. */
  private Target target(boolean mayBeMember, String end) {
    List<Target> targets = new ArrayList<>();
    boolean isTuple = false;
    while (!tokens.current().isName(end)
        && !tokens.current().isOperator(end)
        && !tokens.current().isOperator(")")) {
      targets.add(single(mayBeMember));
      if (!tokens.takeOperator(",")) {
        break;
      }
      isTuple = true;
    }
    if (targets.isEmpty()) {
      throw tokens.unexpected("a name");
    }
    return isTuple ? new Statement.Several(targets) : targets.getFirst();
  }

  private Target single(boolean mayBeMember) {
    tokens.enter();
    try {
      if (tokens.takeOperator("(")) {
        Target inner = target(mayBeMember, ")");
        tokens.expectOperator(")");
        return inner;
      }
      String name = tokens.expectName();
      if (Set.of("true", "false", "none", "True", "False", "None").contains(name)) {
        throw tokens.error("'%s' cannot be set".formatted(name));
      }
      return mayBeMember && tokens.takeOperator(".")
          ? new Statement.Member(name, tokens.expectName())
          : new Statement.Variable(name);
    } finally {
      tokens.leave();
    }
  }
}
