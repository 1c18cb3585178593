package dev.sonde.tokenizer.huggingface.template;

import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.tree.parse.NoteToken;
import com.hubspot.jinjava.tree.parse.TagToken;
import com.hubspot.jinjava.tree.parse.TextToken;
import com.hubspot.jinjava.tree.parse.Token;
import com.hubspot.jinjava.tree.parse.TokenScanner;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the white space out of a template that Jinja2 takes out as transformers sets it up:
 * trim_blocks, lstrip_blocks, the marks {@code -} and {@code +}, and the last line break. Jinjava's
 * own trimming strips blanks before a tag in the middle of a line, too, and passes over comments.
 */
final class Whitespace {
  private Whitespace() {}

  /** The same template without marks, comments and what they take away. */
  static String resolved(String template, JinjavaConfig config) {
    String unix = template.replace("\r\n", "\n").replace('\r', '\n');
    String source = unix.endsWith("\n") ? unix.substring(0, unix.length() - 1) : unix;
    List<Token> tokens = new ArrayList<>();
    new TokenScanner(source, config).forEachRemaining(tokens::add);
    StringBuilder resolved = new StringBuilder();
    for (int i = 0; i < tokens.size(); i++) {
      switch (tokens.get(i)) {
        case TextToken text -> resolved.append(text(tokens, i, text.getImage()));
        case NoteToken note when note.getImage().endsWith("#}") -> {}
        case NoteToken note -> throw new TemplateException("a comment is not closed");
        case Token token -> resolved.append(withoutMarks(token.getImage()));
      }
    }
    return resolved.toString();
  }

  private static String text(List<Token> tokens, int index, String image) {
    String text = image;
    boolean lineBegins = index == 0;
    if (index > 0 && !(tokens.get(index - 1) instanceof TextToken)) {
      Token before = tokens.get(index - 1);
      char mark = before.getImage().charAt(before.getImage().length() - 3);
      if (mark == '-') {
        text = Methods.strip(text, Python::isSpace, true, false);
      } else if (isBlock(before) && !opensRaw(before) && mark != '+' && text.startsWith("\n")) {
        text = text.substring(1);
        lineBegins = true;
      }
    }
    return index + 1 < tokens.size() ? before(tokens.get(index + 1), text, lineBegins) : text;
  }

  private static String before(Token after, String text, boolean lineBegins) {
    if (after instanceof TextToken) {
      return text;
    }
    char mark = after.getImage().charAt(2);
    if (mark == '-') {
      return Methods.strip(text, Python::isSpace, false, true);
    }
    int line = text.lastIndexOf('\n') + 1;
    boolean blank = text.substring(line).codePoints().allMatch(Python::isSpace);
    return isBlock(after) && mark != '+' && blank && (line > 0 || lineBegins)
        ? text.substring(0, line)
        : text;
  }

  private static boolean isBlock(Token token) {
    return token instanceof TagToken || token instanceof NoteToken;
  }

  private static boolean opensRaw(Token token) {
    return token instanceof TagToken tag && tag.getTagName().equals("raw");
  }

  /** The image of a tag or an expression without {@code -} and {@code +}. */
  private static String withoutMarks(String image) {
    int end = image.length() - 2;
    boolean left = isMark(image.charAt(2));
    boolean right = isMark(image.charAt(end - 1));
    return image.substring(0, 2)
        + image.substring(left ? 3 : 2, right ? end - 1 : end)
        + image.substring(end);
  }

  private static boolean isMark(char c) {
    return c == '-' || c == '+';
  }
}
