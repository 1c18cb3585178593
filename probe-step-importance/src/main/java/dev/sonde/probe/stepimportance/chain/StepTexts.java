package dev.sonde.probe.stepimportance.chain;

import dev.sonde.api.config.Config;
import dev.sonde.api.data.Example;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the steps of a row's chain come from.
 *
 * @param stepsColumn the column with a list of steps
 * @param chainColumn the column with a chain as one text
 * @param separator what stands before each step of a list that is not set apart by white space
 * @param segmentation where a text is cut into steps
 */
public record StepTexts(
    String stepsColumn, String chainColumn, String separator, Segmentation segmentation) {
  /**
   * The steps of an experiment's rows.
   *
   * @throws dev.sonde.api.InvalidInputException if there is no such segmentation
   */
  public static StepTexts of(Config config) {
    String segmentation = config.string("segmentation");
    try {
      return new StepTexts(
          config.string("steps"),
          config.string("chain"),
          config.string("separator"),
          Segmentation.named(segmentation));
    } catch (IllegalArgumentException e) {
      throw config.error("segmentation", String.valueOf(e.getMessage()));
    }
  }

  /** The steps that a row brings, or why they cannot be used; empty where it brings no chain. */
  Optional<OrSkipped<Thought>> of(Example example, String prompt) {
    if (example.has(stepsColumn)) {
      return Optional.of(listed(example.texts(stepsColumn), prompt));
    }
    return example.has(chainColumn)
        ? Optional.of(cut(example.text(chainColumn)))
        : Optional.empty();
  }

  private OrSkipped<Thought> listed(List<String> texts, String prompt) {
    Thought thought = Thought.of(texts);
    int count = thought.steps().size();
    if (count == 0) {
      return OrSkipped.skipped(SkipReason.EMPTY);
    }
    if (texts.size() == 1) {
      int sentences = segmentation.cut(texts.getFirst()).size();
      if (sentences > 1) {
        String measured = "column '%s': %d sentences in one text".formatted(stepsColumn, sentences);
        return OrSkipped.skipped(LeftOut.of(SkipReason.TEXT_FOR_LIST, measured));
      }
    }
    String before = prompt + thought.opening();
    List<String> steps = new ArrayList<>();
    for (String text : thought.steps()) {
      boolean apart =
          before.isEmpty() || endsInSpace(before) || Character.isWhitespace(text.charAt(0));
      steps.add(apart ? text : separator + text);
      before = text;
    }
    return enough(new Thought(thought.opening(), steps));
  }

  /** The steps of a text. */
  OrSkipped<Thought> cut(String text) {
    Thought thought = Thought.of(text, segmentation);
    return thought.steps().isEmpty() ? OrSkipped.skipped(SkipReason.EMPTY) : enough(thought);
  }

  private static boolean endsInSpace(String text) {
    return Character.isWhitespace(text.charAt(text.length() - 1));
  }

  private static OrSkipped<Thought> enough(Thought thought) {
    if (thought.steps().size() > 1) {
      return OrSkipped.of(thought);
    }
    String measured = "one step of %d characters".formatted(thought.steps().getFirst().length());
    return OrSkipped.skipped(LeftOut.of(SkipReason.ONE_STEP, measured));
  }
}
