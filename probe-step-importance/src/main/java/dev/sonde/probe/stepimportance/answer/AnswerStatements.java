package dev.sonde.probe.stepimportance.answer;

import dev.sonde.answers.Answer;
import dev.sonde.answers.AnswerParser;
import dev.sonde.probe.stepimportance.chain.Chain;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Steps that say the answer in so many words. */
public final class AnswerStatements implements IntPredicate {
  private static final Pattern BOX = Pattern.compile("\\\\boxed\\s*\\{");

  /** A connective, the word itself, and a value behind it. */
  private static final Pattern DIRECT =
      Pattern.compile(
          "\\b(?:so|thus|hence|therefore|then|finally|final)\\b[^.\\n]*\\b(?:answer|result)\\b"
              + "\\s*(?:is|=|:|will be|must be)[^\\n]*?[\\d\\\\]",
          Pattern.CASE_INSENSITIVE);

  private final boolean[] states;

  /** The statements of a chain. */
  public AnswerStatements(Chain chain, AnswerParser parser, Answer accepted) {
    this.states = new boolean[chain.size()];
    for (int step = 0; step < states.length; step++) {
      String text = chain.steps().get(step).text();
      boolean boxed =
          BOX.matcher(text).find()
              && parser.parse(text).filter(given -> parser.equal(given, accepted)).isPresent();
      states[step] = boxed || DIRECT.matcher(text).find();
    }
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
