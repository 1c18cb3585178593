package dev.sonde.engine.run;

import dev.sonde.engine.report.ReportJson;
import dev.sonde.formats.ContentHash;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The last line of a journal: the hashes of the files that are in no manifest (the manifest, and
 * those that differ between two runs), and one over the journal up to there.
 */
final class Seal {
  private static final String BEFORE_HASH = ",\"sha256\":\"";
  private static final Pattern LINE =
      Pattern.compile("(\\{\"finished\":(\\{[^{}]*\\})" + BEFORE_HASH + ")([0-9a-f]{64})\"\\}\n");

  private Seal() {}

  /**
   * The line that ends a journal.
   *
   * @param journal its text up to there
   * @param files name to hash
   */
  static String line(String journal, Map<String, Object> files) {
    String open = "{\"finished\":" + ReportJson.line(files) + BEFORE_HASH;
    return open + hash(journal + open) + "\"}\n";
  }

  /** The files and hashes of a sealed journal; empty if it is not as it was when it was sealed. */
  static Optional<Map<String, Object>> files(String journal) {
    int last = journal.lastIndexOf('\n', journal.length() - 2) + 1;
    Matcher line = LINE.matcher(journal.substring(last));
    if (!line.matches()) {
      return Optional.empty();
    }
    String before = journal.substring(0, last) + line.group(1);
    return hash(before).equals(line.group(3)) ? ReportJson.parse(line.group(2)) : Optional.empty();
  }

  /** Whether a line of a journal looks like a seal. */
  static boolean isOne(String line) {
    return LINE.matcher(line + "\n").matches();
  }

  private static String hash(String journal) {
    return ContentHash.of(journal.getBytes(StandardCharsets.ISO_8859_1));
  }
}
