package dev.sonde.answers;

import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Where texts put their answer. */
final class Places {
  private static final Pattern BOX = Pattern.compile("\\\\(?:boxed|fbox)\\s*\\{");

  /** The mark before the answer in GSM8K. */
  private static final Pattern MARK = Pattern.compile("####\\s*(?<answer>[^\\n]+)");

  private static final Pattern CUE =
      Pattern.compile(
          "\\b(?:answer|result)(?:\\s+is|\\s*[:=])\\s*:?\\s*(?<answer>[^\\n]+)",
          Pattern.CASE_INSENSITIVE);

  private Places() {}

  /** What stands in the last box that is closed. */
  static Optional<String> boxed(String text) {
    return BOX.matcher(text)
        .results()
        .flatMap(box -> closed(text, box.end()).stream())
        .reduce((earlier, later) -> later);
  }

  private static Optional<String> closed(String text, int from) {
    int depth = 1;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++; // an escaped brace opens and closes nothing
      } else if (c == '{') {
        depth++;
      } else if (c == '}' && --depth == 0) {
        return Optional.of(text.substring(from, i));
      }
    }
    return Optional.empty();
  }

  /** The rest of the line behind the last {@code ####}, else behind the last “answer is”. */
  static Optional<String> announced(String text) {
    return last(MARK, text).or(() -> last(CUE, text));
  }

  private static Optional<String> last(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .reduce((earlier, later) -> later)
        .map((MatchResult match) -> match.group("answer"));
  }
}
