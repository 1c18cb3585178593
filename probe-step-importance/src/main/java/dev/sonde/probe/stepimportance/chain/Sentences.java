package dev.sonde.probe.stepimportance.chain;

import com.ibm.icu.text.BreakIterator;
import com.ibm.icu.text.FilteredBreakIteratorBuilder;
import com.ibm.icu.util.ULocale;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts where a reader would: at the ends of sentences in any script (boundaries and abbreviations
 * by ICU), at blank lines, before items of lists and at lines that are not merely wrapped. Formulas
 * and code are not cut into; code between fences is one step. A heading opens the step behind it,
 * and an interjection goes with the step before.
 */
record Sentences() implements Segmentation {
  private static final int LONGEST_MONTH = 12;

  /** Lines from this length on may go on in the next one. */
  private static final int WRAPPED = 50;

  private static final int FLAGS = Pattern.UNICODE_CASE | Pattern.MULTILINE;

  private static final Pattern FENCE =
      Pattern.compile("^[ \\t]*```[\\s\\S]*?(?:^[ \\t]*```|\\z)[^\\n]*\\n?\\s*", FLAGS);

  private static final Pattern WHOLE =
      Pattern.compile(
          "\\$\\$[\\s\\S]+?\\$\\$|\\\\\\[[\\s\\S]+?\\\\\\]|\\\\\\([\\s\\S]+?\\\\\\)"
              + "|\\\\begin\\{(\\w+\\*?)\\}[\\s\\S]+?\\\\end\\{\\1\\}"
              + "|(?<![\\\\$])\\$(?=[^\\s\\d$]|\\d[^\\n$]*[=+*/^\\\\<>-])[^$\\n]{0,200}?(?<!\\s)\\$(?!\\d)"
              + "|`[^`\\n]+`");

  private static final Pattern BLANK_LINE = Pattern.compile("\\n[ \\t]*\\n\\s*");

  private static final Pattern LINE = Pattern.compile("\\n[ \\t]*(?=\\S)");

  /** Stops that ICU does not see as such: before a number or formula, and inside of markup. */
  private static final Pattern STOP =
      Pattern.compile(
          "[.?!](?:[)\\]\"'\u201d\u2019]|\\s?\u00bb)*\\s+(?=[^\\s\\p{L}\u00bb])"
              + "|[.?!](?:[*_]+|\\$|\\\\\\))[)\"'\u201d\u2019]*\\s+(?=[^\\s\\p{Ll}])"
              + "|[.?!]\\s?\u00bb\\s+(?=\\p{Lu})");

  private static final String MARKER =
      "(?:[-*\u2022+\u2013]|\\(?(?:\\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)]|[\u2460-\u2473]|\\d{1,2}[\u3001\uff0e])";

  private static final Pattern ITEM =
      Pattern.compile("^[ \\t]*" + MARKER + "[ \\t]*(?=\\S)", FLAGS);

  private static final Pattern ONLY_MARKER =
      Pattern.compile(
          "^[\\s>*_#]*(?:"
              + MARKER
              + "|(?i:step|case|schritt|fall|étape|etape|cas|paso|caso|шаг|случай|第)\\s*\\d{1,3}[.:)]?)[*_\\s]*$",
          FLAGS);

  private static final Pattern HEADING =
      Pattern.compile(
          "^\\s*(?:#{1,6}\\s[^\\n]*|\\*\\*[^*\\n]{1,60}\\*\\*:?"
              + "|(?i:step|schritt|étape|etape|paso|шаг|case)\\s*\\d{1,3}\\s*[:.]?|第?[一二三四五六七八九十\\d]+步[：:]?)\\s*$",
          Pattern.UNICODE_CASE);

  /** Abbreviations that stand within sentences only, at the end of a text. */
  private static final Pattern ABBREVIATION =
      Pattern.compile(
          "(?<![\\p{L}\\d])(?:dr|mr|mrs|ms|prof|st|approx|e\\.\\s?g|i\\.\\s?e|eg|ie|cf|vs|viz|resp|eqs?|figs?|def|thm"
              + "|bzw|ca|z\\.\\s?b|d\\.\\s?h|u\\.\\s?a|sog|vgl|evtl|ggf|gl"
              + "|(?-i:M|MM|Mme|Mlle|Hr|Fr)|p\\.\\s?ej|p\\.\\s?ex|c\\.-à-d|env|sr|sra|sres|dra|aprox|núm"
              + "|т\\.\\s?е|т\\.\\s?к|т\\.\\s?н|напр|рис|прибл|см|ур)\\.\\s*$",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

  /** Abbreviations that stand before numbers. */
  private static final Pattern NUMBERED =
      Pattern.compile(
          "(?<![\\p{L}\\d])(?:no|nos|nr|nº|n|p|pp|vol|ch|sec|art|abs|seite|pág|стр|гл|п)\\.\\s*$",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

  /** {@code am 3. Mai}: what follows an ordinal. */
  private static final Pattern GERMAN_MONTH =
      Pattern.compile(
          "^(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\\b");

  private static final Pattern ORDINAL = Pattern.compile("\\d\\.\\s*$");

  /** {@code z. B.}, {@code J. K.}: the first of two letters, and the second. */
  private static final Pattern LETTER = Pattern.compile("(?<!\\p{L})\\p{L}\\.\\s*$");

  private static final Pattern SECOND_LETTER = Pattern.compile("^\\p{L}\\.");

  private static final Pattern QUOTE_GOES_ON =
      Pattern.compile("[\"'\u201d\u201c\u2019\u00bb]\\s*$");

  private static final String CLOSING_CORNERS = "\u300d\u300f";

  @Override
  public List<Integer> starts(String text) {
    List<MatchResult> fences = FENCE.matcher(text).results().toList();
    boolean[] inside = new boolean[text.length() + 1];
    fences.forEach(fence -> mark(inside, fence.start() + 1, fence.end() - 1));
    WHOLE.matcher(text).results().forEach(w -> mark(inside, w.start() + 1, w.end() - 1));
    NavigableSet<Integer> cuts = new TreeSet<>();
    boundaries(text).stream().filter(at -> isEnd(text, at)).forEach(cuts::add);
    STOP.matcher(text)
        .results()
        .map(MatchResult::end)
        .filter(at -> isEnd(text, at))
        .forEach(cuts::add);
    lines(text, cuts);
    BLANK_LINE.matcher(text).results().forEach(blank -> cuts.add(blank.end()));
    cuts.removeIf(at -> at <= 0 || at >= text.length() || inside[at]);
    for (MatchResult fence : fences) {
      cuts.add(fence.start());
      cuts.add(fence.end());
    }
    cuts.removeIf(at -> at <= 0 || at >= text.length());
    return joined(text, cuts);
  }

  private static void mark(boolean[] inside, int from, int to) {
    for (int at = from; at <= to && at < inside.length; at++) {
      inside[at] = true;
    }
  }

  /**
   * Where ICU ends a sentence, those at line ends left out. Its abbreviations are the English ones:
   * those of one language are ends of words in another.
   */
  private static Set<Integer> boundaries(String text) {
    BreakIterator sentences =
        FilteredBreakIteratorBuilder.getInstance(ULocale.ENGLISH)
            .wrapIteratorWithFilter(BreakIterator.getSentenceInstance(ULocale.ENGLISH));
    sentences.setText(text);
    Set<Integer> found = new TreeSet<>();
    for (int at = sentences.next(); at != BreakIterator.DONE; at = sentences.next()) {
      if (!endsLine(text, at)) {
        found.add(at);
      }
    }
    return found;
  }

  /** Whether there is a line end in the white space before a place. */
  private static boolean endsLine(String text, int at) {
    int before = at;
    while (before > 0 && Character.isWhitespace(text.charAt(before - 1))) {
      before--;
      if (text.charAt(before) == '\n') {
        return true;
      }
    }
    return false;
  }

  /** Whether a sentence ends before a place at which a stop stands. */
  private static boolean isEnd(String text, int at) {
    if (at >= text.length()) {
      return false;
    }
    String before = text.substring(Math.max(0, text.lastIndexOf('\n', at - 1)), at);
    char next = text.charAt(at);
    String bare = before.stripTrailing();
    if (bare.isEmpty()) {
      return false;
    }
    char last = bare.charAt(bare.length() - 1);
    String after = text.substring(at, Math.min(text.length(), at + LONGEST_MONTH));
    return !ONLY_MARKER.matcher(before).find()
        && !ABBREVIATION.matcher(before).find()
        && !(Character.isDigit(next) && NUMBERED.matcher(before).find())
        && !(ORDINAL.matcher(before).find() && GERMAN_MONTH.matcher(after).find())
        && !(LETTER.matcher(before).find() && SECOND_LETTER.matcher(after).find())
        && !(Character.isLowerCase(next) && QUOTE_GOES_ON.matcher(before).find())
        && !(next == '\u00bb' && before.lastIndexOf('\u00ab') > before.lastIndexOf('\u00bb'))
        && !(CLOSING_CORNERS.indexOf(last) >= 0 && (next == 'と' || next == 'っ' || next == 'の'));
  }

  /** Adds line ends, those left out behind which a sentence goes on. */
  private static void lines(String text, Set<Integer> cuts) {
    Matcher ends = LINE.matcher(text);
    while (ends.find()) {
      int from = text.lastIndexOf('\n', ends.start() - 1) + 1;
      String line = text.substring(Math.min(from, ends.start()), ends.start()).stripTrailing();
      int end = text.indexOf('\n', ends.end());
      String next = text.substring(ends.end(), end < 0 ? text.length() : end);
      if (!line.isBlank() && !goesOn(line, next)) {
        cuts.add(ends.end());
      }
    }
  }

  private static boolean goesOn(String line, String next) {
    char last = line.charAt(line.length() - 1);
    boolean ended = ".?!:;。！？：；".indexOf(last) >= 0;
    boolean formula = next.startsWith("\\[") || next.startsWith("$$") || next.startsWith("\\begin");
    if (formula) {
      return ".?!。！？".indexOf(last) < 0;
    }
    boolean item = ITEM.matcher(next).find();
    boolean wrapped = line.length() >= WRAPPED && Character.isLowerCase(next.charAt(0));
    return !item && !ended && wrapped;
  }

  /** The starts of steps, with pieces joined that are none of their own. */
  private static List<Integer> joined(String text, NavigableSet<Integer> cuts) {
    List<Integer> starts = new ArrayList<>(List.of(0));
    List<Integer> ends = new ArrayList<>(cuts);
    ends.add(text.length());
    boolean opens = false;
    int from = 0;
    for (int end : ends) {
      String piece = text.substring(from, end);
      if (from > 0 && !opens && !(isInterjection(piece) && starts.size() > 0)) {
        starts.add(from);
      }
      opens =
          piece.isBlank()
              || HEADING.matcher(piece).find()
              || ONLY_MARKER.matcher(piece).matches()
              || (from == 0 && isInterjection(piece));
      from = end;
    }
    return starts;
  }

  /** Few letters and no number: nothing that an answer could rest on. */
  private static boolean isInterjection(String piece) {
    String bare = piece.strip();
    int columns = 0;
    for (int at = 0; at < bare.length(); at++) {
      char character = bare.charAt(at);
      if (Character.isDigit(character) || "=+*/^<>\\$`".indexOf(character) >= 0) {
        return false;
      }
      columns += character >= '\u2e80' ? 2 : 1;
    }
    return columns < SHORTEST;
  }
}
