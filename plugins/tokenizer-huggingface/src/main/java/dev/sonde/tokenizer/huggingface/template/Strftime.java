package dev.sonde.tokenizer.huggingface.template;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's {@code strftime} in the C locale, without time zones. */
final class Strftime {
  private static final Pattern DIRECTIVE =
      Pattern.compile("%(?<unpadded>-?)(?<letter>.)", Pattern.DOTALL);

  private Strftime() {}

  static String format(LocalDateTime time, String pattern) {
    return DIRECTIVE
        .matcher(pattern)
        .replaceAll(
            directive -> {
              String part = part(time, directive.group("letter").charAt(0));
              boolean padded = directive.group("unpadded").isEmpty();
              return Matcher.quoteReplacement(padded ? part : part.replaceFirst("^[0 ](?=.)", ""));
            });
  }

  private static String part(LocalDateTime time, char directive) {
    return switch (directive) {
      case '%' -> "%";
      case 'n' -> "\n";
      case 't' -> "\t";
      case 'D' -> format(time, "%m/%d/%y");
      case 'F' -> format(time, "%Y-%m-%d");
      case 'R' -> format(time, "%H:%M");
      case 'T', 'X' -> format(time, "%H:%M:%S");
      case 'x' -> format(time, "%m/%d/%y");
      case 'c' -> format(time, "%a %b %e %H:%M:%S %Y");
      case 'e' -> "%2d".formatted(time.getDayOfMonth());
      case 'w' -> String.valueOf(time.getDayOfWeek().getValue() % 7);
      case 'u' -> String.valueOf(time.getDayOfWeek().getValue());
      case 'Z', 'z' -> "";
      default -> DateTimeFormatter.ofPattern(letters(directive), Locale.ENGLISH).format(time);
    };
  }

  /** The letters that Java has for a directive. */
  private static String letters(char directive) {
    return switch (directive) {
      case 'Y' -> "yyyy";
      case 'y' -> "yy";
      case 'm' -> "MM";
      case 'B' -> "MMMM";
      case 'b', 'h' -> "MMM";
      case 'd' -> "dd";
      case 'j' -> "DDD";
      case 'A' -> "EEEE";
      case 'a' -> "EEE";
      case 'H' -> "HH";
      case 'I' -> "hh";
      case 'M' -> "mm";
      case 'S' -> "ss";
      case 'f' -> "SSSSSS";
      case 'p' -> "a";
      default -> throw TemplateException.unsupported("strftime's %" + directive);
    };
  }
}
