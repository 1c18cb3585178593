package dev.sonde.probe.stepimportance.search;

import dev.sonde.answers.AnswerParser;
import dev.sonde.api.config.Config;
import dev.sonde.probe.stepimportance.answer.AnswerStatements;
import dev.sonde.probe.stepimportance.answer.ChainUnderTest;
import dev.sonde.probe.stepimportance.answer.TestedMasks.Sampled;
import dev.sonde.probe.stepimportance.chain.LeftOut;
import dev.sonde.probe.stepimportance.chain.Mask;
import dev.sonde.probe.stepimportance.chain.OrSkipped;
import dev.sonde.probe.stepimportance.chain.SkipReason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What comes before the search for the core: takes away the steps that give the answer away on
 * their own, then finds the shortest prefix of the others that suffices.
 *
 * @param parser reads answers that steps state in words
 * @param tau what sufficiency must reach
 * @param necessity the least share of wrong answers without the chain
 * @param lasting whether all longer prefixes must suffice too
 * @param removal which steps are taken away
 * @param spareAnswerStep whether the chain's last statement of the answer stays, as in the authors'
 *     code
 */
public record PrefixSearch(
    AnswerParser parser,
    double tau,
    double necessity,
    boolean lasting,
    Removal removal,
    boolean spareAnswerStep) {
  /** Prefixes that are tested together: one more costs little, another round much. */
  private static final int TOGETHER = 4;

  /** Which steps count as shortcuts. */
  public enum Removal {
    /** None. */
    NONE,
    /** Those that state the answer. */
    WORDS,
    /** Those that state the answer, and those that suffice alone. */
    TESTED
  }

  /** The search of an experiment. */
  public static PrefixSearch of(Config config) {
    return new PrefixSearch(
        AnswerParser.named(config.string("parser")),
        config.real("tau"),
        config.real("necessity"),
        config.string("prefix").equals("lasting"),
        Removal.valueOf(config.string("shortcuts").toUpperCase(Locale.ROOT)),
        config.flag("spare_answer_step"));
  }

  /** The sufficient prefix of a chain, or why there is none. */
  OrSkipped<SufficientPrefix> run(ChainUnderTest chain, Answers answers) {
    List<Sampled> ends = answers.sampled(List.of(Mask.of(), chain.steps()));
    Sampled none = ends.getFirst();
    Sampled whole = ends.getLast();
    if (1 - none.sufficiency() < necessity) {
      String measured = "without the chain %s right".formatted(right(none));
      return skipped(SkipReason.UNNECESSARY, measured, none);
    }
    if (!suffices(whole)) {
      String measured =
          "behind the whole chain %s right; accepted is %s"
              .formatted(right(whole), chain.accepted());
      return skipped(SkipReason.NEVER_REACHED, measured, whole);
    }
    List<Shortcut> shortcuts = shortcuts(chain, answers);
    SufficientPrefix all = new SufficientPrefix(chain, shortcuts, Mask.of());
    Mask remaining = all.remaining();
    if (remaining.size() < 2) {
      String measured =
          "%d of %d steps left without the shortcuts: %s"
              .formatted(remaining.size(), chain.chain().size(), text(shortcuts));
      return OrSkipped.skipped(LeftOut.of(SkipReason.SHORTCUT, measured));
    }
    Sampled rest = answers.sampled(remaining);
    if (!suffices(rest)) {
      String measured =
          "behind the whole chain %s right, without the shortcuts %s: %s"
              .formatted(right(whole), right(rest), text(shortcuts));
      return skipped(SkipReason.SHORTCUT, measured, rest);
    }
    int[] steps = remaining.steps();
    int length = lasting ? shortestLasting(steps, answers) : shortest(steps, answers);
    return OrSkipped.of(new SufficientPrefix(chain, shortcuts, first(steps, length)));
  }

  private static OrSkipped<SufficientPrefix> skipped(
      SkipReason reason, String measured, Sampled answers) {
    return OrSkipped.skipped(new LeftOut(reason, measured, answers.texts()));
  }

  private static String right(Sampled answers) {
    return "%d of %d answers are".formatted(answers.right(), answers.samples());
  }

  private static String text(List<Shortcut> shortcuts) {
    return shortcuts.stream()
        .map(each -> "step %d %s".formatted(each.step() + 1, each.why().text()))
        .collect(Collectors.joining(", "));
  }

  private boolean suffices(Sampled answers) {
    return answers.sufficiency() >= tau;
  }

  /** The steps that state the answer or suffice alone; the latter are tested together. */
  private List<Shortcut> shortcuts(ChainUnderTest chain, Answers answers) {
    if (removal == Removal.NONE) {
      return List.of();
    }
    AnswerStatements statements = new AnswerStatements(chain.chain(), parser, chain.accepted());
    int spared = spareAnswerStep ? statements.last() : -1;
    List<Shortcut> shortcuts = new ArrayList<>();
    List<Mask> alone = new ArrayList<>();
    for (int step : chain.steps().steps()) {
      if (step != spared && statements.test(step)) {
        shortcuts.add(new Shortcut(step, Shortcut.Why.STATES));
      } else if (step != spared && removal == Removal.TESTED) {
        alone.add(Mask.of(step));
      }
    }
    List<Sampled> results = answers.sampled(alone);
    for (int i = 0; i < results.size(); i++) {
      if (suffices(results.get(i))) {
        shortcuts.add(new Shortcut(alone.get(i).steps()[0], Shortcut.Why.SUFFICES));
      }
    }
    shortcuts.sort(Comparator.comparingInt(Shortcut::step));
    return shortcuts;
  }

  /** How many first steps suffice, tried from the fewest on, a few at a time; all of them do. */
  private int shortest(int[] steps, Answers answers) {
    for (int from = 1; from < steps.length; from += TOGETHER) {
      List<Mask> asked = new ArrayList<>();
      for (int length = from; length < Math.min(from + TOGETHER, steps.length); length++) {
        asked.add(first(steps, length));
      }
      List<Sampled> results = answers.sampled(asked);
      for (int i = 0; i < results.size(); i++) {
        if (suffices(results.get(i))) {
          return from + i;
        }
      }
    }
    return steps.length;
  }

  /** The same where no longer prefix may fail, tried from the longest on. */
  private int shortestLasting(int[] steps, Answers answers) {
    for (int from = steps.length - 1; from > 0; from -= TOGETHER) {
      List<Mask> asked = new ArrayList<>();
      for (int length = from; length > Math.max(0, from - TOGETHER); length--) {
        asked.add(first(steps, length));
      }
      List<Sampled> results = answers.sampled(asked);
      for (int i = 0; i < results.size(); i++) {
        if (!suffices(results.get(i))) {
          return from - i + 1;
        }
      }
    }
    return 1;
  }

  private static Mask first(int[] steps, int count) {
    return Mask.of(Arrays.copyOf(steps, count));
  }
}
