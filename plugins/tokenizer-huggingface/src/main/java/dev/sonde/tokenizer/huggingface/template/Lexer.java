package dev.sonde.tokenizer.huggingface.template;

import dev.sonde.tokenizer.huggingface.template.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a template into tokens as Jinja2 3.1 does with the settings of transformers: {@code
 * trim_blocks}, {@code lstrip_blocks}, the marks {@code -} and {@code +}, and the last line break
 * taken away.
 */
final class Lexer {
  private static final Pattern TAG = Pattern.compile("\\{[{%#]");
  private static final Pattern RAW =
      Pattern.compile("\\{%[-+]?\\s*raw\\s*(?:-%}\\s*|%})", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern END_RAW =
      Pattern.compile(
          "\\{%(?<mark>[-+]?)\\s*endraw\\s*(?:\\+%}|-%}\\s*|%}\\n?)",
          Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern END_COMMENT =
      Pattern.compile("\\+#}|-#}\\s*|#}\\n?", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern NUMBER =
      Pattern.compile(
          "(?<real>(?<!\\.)(?:\\d+_)*\\d+(?:(?:\\.(?:\\d+_)*\\d+)?[eE][+-]?(?:\\d+_)*\\d+|\\.(?:\\d+_)*\\d+))"
              + "|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[0-9a-fA-F])+|[1-9](?:_?\\d)*|0(?:_?0)*");
  private static final Pattern NAME =
      Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNICODE_CASE);
  private static final List<String> OPERATORS =
      List.of(
          "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{",
          "}", ">", "<", "=", ".", ":", "|", ",", ";");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private final Deque<Character> open = new ArrayDeque<>();
  private int at;
  private int counted;
  private int line = 1;
  private boolean lineBegins = true;

  private Lexer(String source) {
    this.source = source;
  }

  /**
   * The tokens of a template; the last one is {@link Kind#END}.
   *
   * @throws TemplateException where it is malformed
   */
  static List<Token> tokens(String template) {
    String unix = template.replace("\r\n", "\n").replace('\r', '\n');
    Lexer lexer = new Lexer(unix.endsWith("\n") ? unix.substring(0, unix.length() - 1) : unix);
    lexer.read();
    return lexer.tokens;
  }

  private void read() {
    Matcher tag = TAG.matcher(source);
    while (tag.find(at)) {
      char kind = source.charAt(tag.start() + 1);
      Matcher raw = RAW.matcher(source).region(tag.start(), source.length());
      boolean isRaw = kind == '%' && raw.lookingAt();
      char mark = at(tag.end());
      data(source.substring(at, tag.start()), mark, kind != '{');
      at = tag.end() + (mark == '-' || mark == '+' ? 1 : 0);
      switch (kind) {
        case '#' -> comment();
        case '{' -> tag(Kind.VARIABLE_BEGIN, Kind.VARIABLE_END, "}}");
        default -> {
          if (isRaw) {
            raw(raw.end());
          } else {
            tag(Kind.BLOCK_BEGIN, Kind.BLOCK_END, "%}");
          }
        }
      }
    }
    add(Kind.DATA, source.substring(at), at);
    add(Kind.END, "", source.length());
  }

  private char at(int index) {
    return index < source.length() ? source.charAt(index) : '\0';
  }

  /** Text in front of a tag, without the blanks that the tag takes away. */
  private void data(String text, char mark, boolean isBlock) {
    String kept = text;
    int lineStart = text.lastIndexOf('\n') + 1;
    if (mark == '-') {
      kept = Strings.strip(text, Python::isSpace, false, true);
    } else if (mark != '+'
        && isBlock
        && (lineStart > 0 || lineBegins)
        && text.substring(lineStart).codePoints().allMatch(Python::isSpace)) {
      kept = text.substring(0, lineStart);
    }
    add(Kind.DATA, kept, at);
  }

  private void comment() {
    Matcher end = END_COMMENT.matcher(source);
    if (!end.find(at)) {
      throw error("a comment is not closed");
    }
    moveTo(end.end());
  }

  private void raw(int from) {
    Matcher end = END_RAW.matcher(source);
    at = from;
    lineBegins = source.charAt(at - 1) == '\n';
    if (!end.find(at)) {
      throw error("{% raw %} is not closed");
    }
    String mark = end.group("mark");
    data(source.substring(at, end.start()), mark.isEmpty() ? ' ' : mark.charAt(0), true);
    moveTo(end.end());
  }

  private void moveTo(int index) {
    at = index;
    lineBegins = source.charAt(index - 1) == '\n';
  }

  /** The inside of a tag up to its end. */
  private void tag(Kind begin, Kind end, String closing) {
    add(begin, closing, at);
    open.clear();
    while (true) {
      skipBlanks();
      if (at == source.length()) {
        throw error("a tag is not closed");
      }
      if (open.isEmpty() && closes(end, closing)) {
        return;
      }
      token();
    }
  }

  private void skipBlanks() {
    while (at < source.length() && Python.isSpace(source.charAt(at))) {
      at++;
    }
  }

  private boolean closes(Kind end, String closing) {
    boolean isBlock = end == Kind.BLOCK_END;
    if (source.startsWith("-" + closing, at)) {
      add(end, closing, at);
      at += 3;
      skipBlanks();
      moveTo(at);
      return true;
    }
    int length = isBlock && source.startsWith("+" + closing, at) ? 3 : 2;
    if (length == 2 && !source.startsWith(closing, at)) {
      return false;
    }
    add(end, closing, at);
    boolean trims = isBlock && length == 2 && at(at + 2) == '\n';
    moveTo(at + length + (trims ? 1 : 0));
    return true;
  }

  private void token() {
    Matcher number = NUMBER.matcher(source).useTransparentBounds(true).region(at, source.length());
    Matcher name = NAME.matcher(source).region(at, source.length());
    if (number.lookingAt()) {
      add(number.group("real") == null ? Kind.INTEGER : Kind.FLOAT, number.group(), at);
      at = number.end();
    } else if (name.lookingAt()) {
      if (!isIdentifier(name.group())) {
        throw error("'%s' is no name".formatted(name.group()));
      }
      add(Kind.NAME, name.group(), at);
      at = name.end();
    } else if (at(at) == '\'' || at(at) == '"') {
      string(at(at));
    } else {
      operator();
    }
  }

  private static boolean isIdentifier(String name) {
    return Character.isUnicodeIdentifierStart(name.codePointAt(0)) || name.startsWith("_");
  }

  private void string(char quote) {
    int end = at + 1;
    while (at(end) != quote) {
      if (end >= source.length()) {
        throw error("a text is not closed");
      }
      end += at(end) == '\\' ? 2 : 1;
    }
    add(Kind.STRING, Escapes.resolved(source.substring(at + 1, end)), at);
    at = end + 1;
  }

  private void operator() {
    String operator =
        OPERATORS.stream()
            .filter(each -> source.startsWith(each, at))
            .findFirst()
            .orElseThrow(
                () ->
                    error("unexpected '%s'".formatted(Character.toString(source.codePointAt(at)))));
    balance(operator.charAt(0));
    add(Kind.OPERATOR, operator, at);
    at += operator.length();
  }

  /** Brackets are counted: a tag does not end inside of them. */
  private void balance(char bracket) {
    switch (bracket) {
      case '(' -> open.push(')');
      case '[' -> open.push(']');
      case '{' -> open.push('}');
      case ')', ']', '}' -> {
        if (open.isEmpty() || open.pop() != bracket) {
          throw error("unexpected '%s'".formatted(bracket));
        }
      }
      default -> {}
    }
  }

  private void add(Kind kind, String text, int where) {
    for (; counted < where; counted++) {
      line += source.charAt(counted) == '\n' ? 1 : 0;
    }
    if (kind != Kind.DATA || !text.isEmpty()) {
      tokens.add(new Token(kind, text, line));
    }
  }

  private TemplateException error(String what) {
    int upTo = Math.min(at, source.length());
    long lines = source.substring(0, upTo).chars().filter(c -> c == '\n').count();
    return new TemplateException("line %d: %s".formatted(lines + 1, what));
  }
}
