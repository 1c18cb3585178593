package dev.sonde.tokenizer.huggingface.template;

/**
 * A piece of a template.
 *
 * @param kind what it is
 * @param text as it is written; of {@link Kind#DATA} and {@link Kind#STRING} what it stands for
 * @param line where it begins, from 1
 */
record Token(Kind kind, String text, int line) {
  /** What a token is. */
  enum Kind {
    /** Text that is printed as it is. */
    DATA,
    VARIABLE_BEGIN,
    VARIABLE_END,
    BLOCK_BEGIN,
    BLOCK_END,
    NAME,
    STRING,
    INTEGER,
    FLOAT,
    OPERATOR,
    END
  }

  boolean is(Kind other) {
    return kind == other;
  }

  boolean isName(String name) {
    return kind == Kind.NAME && text.equals(name);
  }

  boolean isOperator(String operator) {
    return kind == Kind.OPERATOR && text.equals(operator);
  }

  /** For messages. */
  String described() {
    return switch (kind) {
      case DATA -> "text";
      case VARIABLE_END, BLOCK_END, END -> "the end of the " + (is(Kind.END) ? "template" : "tag");
      default -> "'" + text + "'";
    };
  }
}
