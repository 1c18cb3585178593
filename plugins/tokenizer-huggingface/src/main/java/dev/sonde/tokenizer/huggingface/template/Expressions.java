package dev.sonde.tokenizer.huggingface.template;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jinjava.de.odysseus.el.tree.TreeBuilderException;
import jinjava.de.odysseus.el.tree.impl.Builder;
import jinjava.de.odysseus.el.tree.impl.Parser;
import jinjava.de.odysseus.el.tree.impl.ast.AstEval;
import jinjava.de.odysseus.el.tree.impl.ast.AstNode;

/** The expressions of one template, each parsed once. */
final class Expressions {
  /** Jinjava's parser looks ahead from each parenthesis. */
  private static final int LONGEST = 20_000;

  private final Builder builder =
      new Builder() {
        private static final long serialVersionUID = 1;

        @Override
        protected Parser createParser(String expression) {
          return new Grammar(this, expression);
        }
      };
  private final Map<String, AstNode> parsed = new ConcurrentHashMap<>();

  AstNode parse(String expression) {
    return parsed.computeIfAbsent(expression, this::parseAnew);
  }

  private AstNode parseAnew(String expression) {
    if (expression.length() > LONGEST) {
      throw new TemplateException("an expression is longer than %d characters".formatted(LONGEST));
    }
    try {
      // What lies between the braces is one expression of Jinjava's expression language.
      return ((AstEval) builder.build("#{" + expression + "}").getRoot()).getChild(0);
    } catch (NullPointerException e) { // of Jinjava's scanner, where an expression breaks off
      throw new TemplateException("'%s' breaks off".formatted(expression.strip()), e);
    } catch (TreeBuilderException e) {
      throw new TemplateException(
          "'%s' cannot be read: found %s where %s was expected"
              .formatted(expression.strip(), e.getEncountered(), e.getExpected()),
          e);
    }
  }
}
