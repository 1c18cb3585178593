package dev.sonde.probe.stepimportance.chain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A chain of thought behind its prompt.
 *
 * @param id the row's
 * @param group the row's
 * @param prompt the prompt as it is fed
 * @param promptTokens its tokens, special ones included; steps that begin there have none
 * @param tokens the tokens of prompt and chain
 * @param steps the steps in order; their tokens lie end to end
 */
public record Chain(
    String id, String group, String prompt, int promptTokens, int[] tokens, List<Step> steps) {
  /** A chain with its list copied. */
  public Chain {
    steps = List.copyOf(steps);
  }

  /** Number of steps. */
  public int size() {
    return steps.size();
  }

  /** The chain's text. */
  public String text() {
    return String.join("", steps.stream().map(Step::text).toList());
  }

  /** Number of tokens of prompt and kept steps. */
  public int length(Mask mask) {
    return promptTokens + IntStream.of(mask.steps()).map(step -> steps.get(step).length()).sum();
  }

  /** The tokens of the prompt, of the kept steps, and of what follows. */
  public int[] sequence(Mask mask, int... ending) {
    int[] sequence = Arrays.copyOf(tokens, length(mask) + ending.length);
    int next = promptTokens;
    for (int kept : mask.steps()) {
      Step step = steps.get(kept);
      System.arraycopy(tokens, step.fromToken(), sequence, next, step.length());
      next += step.length();
    }
    System.arraycopy(ending, 0, sequence, next, ending.length);
    return sequence;
  }

  /** The chain of some of its steps, as the tests feed it: each step with its own tokens. */
  public Chain of(Mask mask) {
    List<Step> kept = new ArrayList<>();
    int from = promptTokens;
    for (int index : mask.steps()) {
      Step step = steps.get(index);
      kept.add(new Step(step.text(), from, from + step.length()));
      from += step.length();
    }
    return new Chain(id, group, prompt, promptTokens, sequence(mask), kept);
  }
}
