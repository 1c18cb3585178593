package dev.sonde.probe.stepimportance.attribution;

import dev.sonde.api.model.Sequence;
import dev.sonde.api.model.Span;
import dev.sonde.probe.stepimportance.answer.ChainUnderTest;
import dev.sonde.probe.stepimportance.chain.Mask;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Prompt and prefix as one sequence, with the place of every step: what attribution works on.
 *
 * @param tokens the sequence
 * @param spans one per row of the influence matrix
 * @param steps per row, the step's index in its chain; −1 for the answer
 */
public record Window(int[] tokens, List<Span> spans, int[] steps) {
  /** A window with its list copied. */
  public Window {
    spans = List.copyOf(spans);
  }

  /**
   * The window of a prefix.
   *
   * @param root what is the last row
   */
  public static Window of(ChainUnderTest chain, Mask prefix, Root root) {
    int[] ending = root.ending(chain.endings());
    int[] tokens = chain.chain().sequence(prefix, ending);
    List<Span> spans = new ArrayList<>();
    int[] kept = prefix.steps();
    int[] steps = Arrays.copyOf(kept, kept.length + (root.isStep() ? 0 : 1));
    int from = chain.chain().promptTokens();
    for (int step : kept) {
      int to = from + chain.chain().steps().get(step).length();
      spans.add(new Span("step " + step, from, to));
      from = to;
    }
    if (!root.isStep()) {
      spans.add(new Span("answer", from, tokens.length));
      steps[kept.length] = -1;
    }
    return new Window(tokens, spans, steps);
  }

  /** The tokens of a row as scored tokens. */
  List<Sequence.Target> targets(int row) {
    List<Sequence.Target> targets = new ArrayList<>();
    for (int token = spans.get(row).from(); token < spans.get(row).to(); token++) {
      targets.add(new Sequence.Target(token, tokens[token]));
    }
    return targets;
  }

  /** The matrix with given cells. */
  public InfluenceMatrix matrix(double[][] cells) {
    return new InfluenceMatrix(cells, steps);
  }

  /** Number of rows. */
  public int size() {
    return spans.size();
  }
}
