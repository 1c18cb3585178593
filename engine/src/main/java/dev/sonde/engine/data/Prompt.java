package dev.sonde.engine.data;

import dev.sonde.api.config.Config;
import dev.sonde.api.data.DatasetFactory.Row;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the text that is fed comes out of a row: one column, or a template with columns in braces.
 */
record Prompt(String template) {
  private static final Pattern COLUMN = Pattern.compile("\\{([^{}]+)}");

  static Prompt of(Config data) {
    return new Prompt(
        data.has("template") ? data.string("template") : "{" + data.string("text") + "}");
  }

  String render(Path file, Row row) {
    Matcher matcher = COLUMN.matcher(template);
    StringBuilder text = new StringBuilder();
    while (matcher.find()) {
      String value = RowExample.text(file, row, matcher.group(1));
      matcher.appendReplacement(text, Matcher.quoteReplacement(value));
    }
    String rendered = matcher.appendTail(text).toString();
    if (rendered.isEmpty()) {
      throw RowExample.problem(file, row, "the text is empty");
    }
    return rendered;
  }
}
