package dev.sonde.probe.stepimportance.answer;

import dev.sonde.answers.Answer;
import dev.sonde.answers.AnswerParser;
import dev.sonde.probe.stepimportance.chain.Chain;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Steps that say the accepted answer in so many words; a result on the way to it is none. */
public final class AnswerStatements implements IntPredicate {
  private static final Pattern BOX = Pattern.compile("\\\\(?:boxed|fbox)\\s*\\{");

  /** What announces a value, up to it; the languages are those of the table of cuts. */
  private static final Pattern ANNOUNCEMENT =
      Pattern.compile(
          "(?:\\b(?:answer|result|solution|total|antwort|ergebnis|lösung|réponse|résultat|solución"
              + "|respuesta|resultado|ответ|результат)\\b(?:\\s+(?:is|=|equals|will be|must be|would be|comes to|ist|lautet|beträgt|est|es)\\b"
              + "|\\s*[:=—–])|答案(?:是|为|為|：|:)|答え(?:は|：|:))\\s*(?<value>[^\\n]+)",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.UNICODE_CHARACTER_CLASS);

  /** What stands behind a value in scripts without spaces. */
  private static final Pattern BEHIND = Pattern.compile("(?:です|である|だ)?[。！？].*|です.*");

  private static final Pattern DENIAL =
      Pattern.compile("^(?:not|n't|never|nicht|pas|no)\\b.*", Pattern.CASE_INSENSITIVE);

  private final boolean[] states;

  /** The statements of a chain. */
  public AnswerStatements(Chain chain, AnswerParser parser, Answer accepted) {
    this.states = new boolean[chain.size()];
    for (int step = 0; step < states.length; step++) {
      states[step] = states(chain.steps().get(step).text(), parser, accepted);
    }
  }

  /** Whether a text boxes or announces an answer. */
  static boolean states(String text, AnswerParser parser, Answer accepted) {
    if (BOX.matcher(text).find()) {
      return equal(parser.parse(text), parser, accepted);
    }
    return ANNOUNCEMENT
        .matcher(text)
        .results()
        .map((MatchResult match) -> BEHIND.matcher(match.group("value")).replaceFirst("").strip())
        .filter(value -> !DENIAL.matcher(value).matches())
        .anyMatch(value -> equal(parser.parse("The answer is " + value), parser, accepted));
  }

  private static boolean equal(Optional<Answer> given, AnswerParser parser, Answer accepted) {
    return given.filter(answer -> parser.equal(answer, accepted)).isPresent();
  }

  @Override
  public boolean test(int step) {
    return states[step];
  }

  /** The last step that says it; −1 if none does. */
  public int last() {
    return IntStream.range(0, states.length).filter(s -> states[s]).max().orElse(-1);
  }
}
