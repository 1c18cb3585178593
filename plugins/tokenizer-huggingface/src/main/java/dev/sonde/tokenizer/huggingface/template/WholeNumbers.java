package dev.sonde.tokenizer.huggingface.template;

import java.util.Locale;

/** Whole numbers as they are written. */
final class WholeNumbers {
  private WholeNumbers() {}

  /** {@code 1_000}, {@code 0xff}, {@code 0o17}, {@code 0b101}. */
  static long whole(String written) {
    String digits = written.replace("_", "").toLowerCase(Locale.ROOT);
    try {
      return switch (digits.length() > 1 ? digits.charAt(1) : ' ') {
        case 'x' -> Long.parseLong(digits.substring(2), 16);
        case 'o' -> Long.parseLong(digits.substring(2), 8);
        case 'b' -> Long.parseLong(digits.substring(2), 2);
        default -> Long.parseLong(digits);
      };
    } catch (NumberFormatException e) {
      throw TemplateException.unsupported("the number " + written);
    }
  }
}
