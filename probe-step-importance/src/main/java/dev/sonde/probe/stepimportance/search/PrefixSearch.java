package dev.sonde.probe.stepimportance.search;

import dev.sonde.answers.AnswerParser;
import dev.sonde.api.config.Config;
import dev.sonde.probe.stepimportance.answer.AnswerStatements;
import dev.sonde.probe.stepimportance.answer.ChainUnderTest;
import dev.sonde.probe.stepimportance.answer.TestResult;
import dev.sonde.probe.stepimportance.chain.Mask;
import dev.sonde.probe.stepimportance.chain.OrSkipped;
import dev.sonde.probe.stepimportance.chain.SkipReason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What comes before the search for the core: takes away the steps that give the answer away on
 * their own, then finds the shortest prefix of the others that suffices.
 *
 * @param parser reads answers that steps state in words
 * @param tau what sufficiency must reach
 * @param necessity the least share of wrong answers without the chain
 * @param lasting whether all longer prefixes must suffice too
 * @param spareAnswerStep whether the chain's last statement of the answer stays, as in the authors'
 *     code
 */
public record PrefixSearch(
    AnswerParser parser, double tau, double necessity, boolean lasting, boolean spareAnswerStep) {
  /** The search of an experiment. */
  public static PrefixSearch of(Config config) {
    return new PrefixSearch(
        AnswerParser.named(config.string("parser")),
        config.real("tau"),
        config.real("necessity"),
        config.string("prefix").equals("lasting"),
        config.flag("spare_answer_step"));
  }

  /** The sufficient prefix of a chain, or why there is none. */
  OrSkipped<SufficientPrefix> run(ChainUnderTest chain, Answers answers) {
    List<TestResult> ends = answers.of(List.of(Mask.of(), chain.steps()));
    if (1 - ends.getFirst().sufficiency() < necessity) {
      return OrSkipped.skipped(SkipReason.UNNECESSARY);
    }
    if (!ends.getLast().suffices(tau)) {
      return OrSkipped.skipped(SkipReason.NEVER_REACHED);
    }
    Mask remaining = withoutShortcuts(chain, answers);
    if (remaining.size() < 2 || !answers.of(remaining).suffices(tau)) {
      return OrSkipped.skipped(SkipReason.SHORTCUT);
    }
    int[] steps = remaining.steps();
    int length = lasting ? shortestLasting(steps, answers) : shortest(steps, answers);
    return OrSkipped.of(new SufficientPrefix(chain, remaining, first(steps, length)));
  }

  /** The steps that neither state the answer nor suffice alone; the latter are tested together. */
  private Mask withoutShortcuts(ChainUnderTest chain, Answers answers) {
    AnswerStatements statements = new AnswerStatements(chain.chain(), parser, chain.accepted());
    int spared = spareAnswerStep ? statements.last() : -1;
    Mask remaining = chain.steps();
    List<Mask> alone = new ArrayList<>();
    for (int step : chain.steps().steps()) {
      if (step != spared && statements.test(step)) {
        remaining = remaining.without(step);
      } else if (step != spared) {
        alone.add(Mask.of(step));
      }
    }
    List<TestResult> results = answers.of(alone);
    for (int i = 0; i < results.size(); i++) {
      if (results.get(i).suffices(tau)) {
        remaining = remaining.minus(alone.get(i));
      }
    }
    return remaining;
  }

  /** How many first steps suffice, tried from the fewest on; all of them do. */
  private int shortest(int[] steps, Answers answers) {
    int length = 1;
    while (length < steps.length && !answers.of(first(steps, length)).suffices(tau)) {
      length++;
    }
    return length;
  }

  /** The same where no longer prefix may fail, tried from the longest on. */
  private int shortestLasting(int[] steps, Answers answers) {
    int length = steps.length;
    while (length > 1 && answers.of(first(steps, length - 1)).suffices(tau)) {
      length--;
    }
    return length;
  }

  private static Mask first(int[] steps, int count) {
    return Mask.of(Arrays.copyOf(steps, count));
  }
}
