package dev.sonde.tokenizer.huggingface.template;

import dev.sonde.tokenizer.huggingface.template.Token.Kind;
import java.util.List;

/** Tokens, read one after the other. */
final class TemplateTokens {
  /** Brackets, blocks and signs inside of each other; people write a dozen. */
  private static final int DEEPEST = 200;

  private final List<Token> tokens;
  private int at;
  private int depth;

  TemplateTokens(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token current() {
    return tokens.get(at);
  }

  Token following() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  /** The current token, which is left behind. */
  Token take() {
    Token token = current();
    at = Math.min(at + 1, tokens.size() - 1);
    return token;
  }

  boolean takeName(String name) {
    boolean is = current().isName(name);
    if (is) {
      take();
    }
    return is;
  }

  boolean takeOperator(String operator) {
    boolean is = current().isOperator(operator);
    if (is) {
      take();
    }
    return is;
  }

  void expectOperator(String operator) {
    if (!takeOperator(operator)) {
      throw unexpected("'" + operator + "'");
    }
  }

  Token expect(Kind kind, String what) {
    if (!current().is(kind)) {
      throw unexpected(what);
    }
    return take();
  }

  String expectName() {
    return expect(Kind.NAME, "a name").text();
  }

  /** Enters something that may hold more of its kind. */
  void enter() {
    if (++depth > DEEPEST) {
      throw error("is nested too deeply");
    }
  }

  void leave() {
    depth--;
  }

  TemplateException unexpected(String wanted) {
    return error("%s where %s is expected".formatted(current().described(), wanted));
  }

  TemplateException error(String what) {
    return new TemplateException("line %d: %s".formatted(current().line(), what));
  }
}
