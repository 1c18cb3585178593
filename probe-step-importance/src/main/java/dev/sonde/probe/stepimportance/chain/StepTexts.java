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
 * @param separator what stands before each step of a list
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

  /** The steps that a row brings; empty where it brings no chain. */
  Optional<List<String>> of(Example example, String prompt) {
    if (example.has(stepsColumn)) {
      return Optional.of(separated(example.texts(stepsColumn), prompt));
    }
    return example.has(chainColumn)
        ? Optional.of(cut(example.text(chainColumn)))
        : Optional.empty();
  }

  private List<String> separated(List<String> texts, String prompt) {
    boolean open = prompt.isEmpty() || Character.isWhitespace(prompt.charAt(prompt.length() - 1));
    List<String> steps = new ArrayList<>();
    for (String text : texts) {
      steps.add(steps.isEmpty() && open ? text : separator + text);
    }
    return steps;
  }

  /** The steps of a text. */
  List<String> cut(String text) {
    if (text.isBlank()) {
      return List.of();
    }
    List<Integer> starts = segmentation.starts(text);
    List<String> steps = new ArrayList<>();
    for (int i = 0; i < starts.size(); i++) {
      int end = i + 1 < starts.size() ? starts.get(i + 1) : text.length();
      steps.add(text.substring(starts.get(i), end));
    }
    return steps;
  }
}
