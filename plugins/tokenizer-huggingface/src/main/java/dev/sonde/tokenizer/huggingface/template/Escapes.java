package dev.sonde.tokenizer.huggingface.template;

import java.util.HexFormat;

/** The escapes in texts of a template, as Python's {@code unicode-escape} reads them. */
final class Escapes {
  private Escapes() {}

  /** What a text between quotes stands for. */
  static String resolved(String written) {
    if (written.indexOf('\\') < 0) {
      return written;
    }
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (at < written.length()) {
      char c = written.charAt(at);
      if (c != '\\' || at + 1 == written.length()) {
        text.append(c);
        at++;
      } else {
        at = escape(written, at + 1, text);
      }
    }
    return text.toString();
  }

  /**
   * Reads one escape.
   *
   * @param at the place behind the backslash
   * @return the place behind the escape
   */
  private static int escape(String written, int at, StringBuilder text) {
    char c = written.charAt(at);
    switch (c) {
      case '\n' -> {}
      case '\\', '\'', '"' -> text.append(c);
      case 'a' -> text.append('\u0007');
      case 'b' -> text.append('\b');
      case 'f' -> text.append('\f');
      case 'n' -> text.append('\n');
      case 'r' -> text.append('\r');
      case 't' -> text.append('\t');
      case 'v' -> text.append('\u000b');
      case 'x' -> {
        return codePoint(written, at + 1, 2, text);
      }
      case 'u' -> {
        return codePoint(written, at + 1, 4, text);
      }
      case 'U' -> {
        return codePoint(written, at + 1, 8, text);
      }
      case 'N' -> throw TemplateException.unsupported("the escape \\N");
      case '0', '1', '2', '3', '4', '5', '6', '7' -> {
        return octal(written, at, text);
      }
      default -> text.append('\\').append(c);
    }
    return at + 1;
  }

  private static int codePoint(String written, int from, int digits, StringBuilder text) {
    int end = from + digits;
    try {
      text.appendCodePoint(HexFormat.fromHexDigits(written, from, end));
      return end;
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new TemplateException("an escape is malformed in '%s'".formatted(written), e);
    }
  }

  private static int octal(String written, int from, StringBuilder text) {
    int end = from;
    while (end < written.length()
        && end < from + 3
        && "01234567".indexOf(written.charAt(end)) >= 0) {
      end++;
    }
    text.appendCodePoint(Integer.parseInt(written, from, end, 8));
    return end;
  }
}
