package dev.sonde.answers;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An option of a multiple choice: in a box, else announced, else called the right one, else in
 * brackets, else at the beginning of the text. A letter that is a word of a sentence, such as “A”
 * or “I”, is no option, and neither are two of which one is meant.
 *
 * @param last the last option there is; the first is A
 */
record ChoiceParser(char last) implements AnswerParser {
  private static final String ANNOUNCES =
      "(?:\u7b54\u6848(?:\u662f|\u4e3a)?\uff1a?|\\b(?:answer|option|choice|solution|result)\\s*(?:-|\u2013|\u2014|\u2192|is|was|are|=|:|would be|must be|should be|has to be|\\n)"
          + "|\\b(?:choose|chose|pick|picked|select|selected|go with|going with|opt for|goes to|(?:would|will|'ll|'d) (?:say|guess)|it (?:must|has to|should|can only) be|it is|it's|leaves(?: only)?|leaving(?: only)?))"
          + "\\s*:?\\s*(?:therefore|thus|definitely|clearly|most likely|likely|probably)?\\s*"
          + "(?:the\\s+)?(?:letter|option|choice|answer)?\\s*:?\\s*";
  private static final String PRAISED =
      "\\s*(?:is|must be|would be|seems|looks|=)\\s+(?:therefore\\s+|clearly\\s+|the\\s+|most\\s+)*(?:only\\s+)?(?:correct|right|best|true|appropriate|answer)";

  private static final Pattern COMMANDS =
      Pattern.compile(
          "\\\\(?:text|textbf|textit|mathrm|mathbf|mathit|mathsf|mbox|boxed|operatorname|bf|rm)\\s*\\{([^{}]*)\\}");

  @Override
  public Optional<Answer> parse(String text) {
    Optional<Answer> boxed = Places.boxed(text).flatMap(this::read);
    if (boxed.isPresent()) {
      return boxed;
    }
    String plain = bare(text);
    Optional<Answer> marked = find("####\\s*" + open() + letter() + end(), plain);
    if (marked.isPresent()) {
      return marked;
    }
    String said = "(?i:" + ANNOUNCES + ")";
    Optional<Answer> announced = find(said + open() + letter() + end() + other(), plain);
    if (announced.isPresent()) {
      return announced;
    }
    if (Pattern.compile(said + open() + letter() + end()).matcher(plain).find()) {
      return Optional.empty(); // two options, and no word on which
    }
    return find(said + "\\(?(" + lower() + ")(?=\\)|[.!]?\\s*$|[.!]\\s)", plain)
        .or(
            () ->
                find(
                    "(?<![\\w(])(?:(?i:option|choice|answer)\\s+)?\\(?"
                        + letter()
                        + "[).]?(?i:"
                        + PRAISED
                        + ")",
                    plain))
        .or(() -> find("\\((" + upper() + ")\\)", plain))
        .or(
            () ->
                find(
                    "(?m)(?:^|\\b(?i:thus|so|hence|therefore),?\\s+)\\W*("
                        + upper()
                        + ")\\s*[).!]*\\s*\\z",
                    plain))
        .or(() -> read(plain));
  }

  /** A letter alone, or before a bracket, dot or colon. */
  @Override
  public Optional<Answer> read(String answer) {
    String bare = bare(answer).strip();
    return find("^\\(?(" + upper() + ")(?:\\)|[.:](?:\\s|$)|$)", bare)
        .or(() -> find("^([A-H]),\\s(?!\\(?" + upper() + "\\b)", bare))
        .or(
            () ->
                find("^(?i:option|choice|answer)\\s+\\(?(" + upper() + ")\\)?(?:[.:,\\s]|$)", bare))
        .or(() -> find("^(?:(?i:option|choice|answer)\\s+)?\\(?(" + lower() + ")\\)?[.:]?$", bare))
        .or(() -> find("^\\(?(" + lower() + ")\\)(?:\\s)", bare));
  }

  /** The text without emphasis, dollars and typesetting of letters. */
  private static String bare(String text) {
    String bare = Typesetting.withoutEmphasis(text);
    for (Matcher command = COMMANDS.matcher(bare);
        command.find();
        command = COMMANDS.matcher(bare)) {
      bare = command.replaceAll(match -> Matcher.quoteReplacement(match.group(1).strip()));
    }
    return bare.replaceAll("\\$|\\\\[()\\[\\]]|[\u201c\u201d\"`]", "")
        .replaceAll("(?<=^|\\s|\\()'(?=[A-J]')|(?<=[A-J])'", "");
  }

  private String upper() {
    return "[A-%c]".formatted(last);
  }

  private String lower() {
    return "[a-%c]".formatted(Character.toLowerCase(last));
  }

  private static String open() {
    return "[(\\[]?\\s*";
  }

  /** Letters that are words of their own count where no word follows. */
  private String letter() {
    return "(" + upper() + ")(?<!I(?= [a-z]))(?<!A(?= (?!because|since|as|and|or|is|\\()[a-z]))";
  }

  private static String end() {
    return "(?=[)\\].,:;!?\u3002\uff0c\uff1b\uff1a\uff09\u3001]|\\s|$|\\\\)";
  }

  /** What joins two options of which the text does not say which one it means. */
  private String other() {
    return "(?![)*]*\\s*(?:,|/|or|and|&)\\s*\\(?[A-%c]\\b)".formatted(last);
  }

  private static Optional<Answer> find(String pattern, String text) {
    List<String> found =
        Pattern.compile(pattern).matcher(text).results().map(match -> match.group(1)).toList();
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(new Answer.Option(found.getLast().toUpperCase(Locale.ROOT).charAt(0)));
  }
}
