package dev.sonde.probe.position;

import dev.sonde.api.data.Study;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.model.Sequence.Distances;
import dev.sonde.api.probe.Model;
import dev.sonde.api.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * P4: the same last tokens after contexts of 1 to 8 times the trained window, with rotation as it
 * is, and with the first tokens and the latest ones only, none farther away than the trained window
 * (after LM-Infinite).
 *
 * @param trained tokens of the window the model was trained with
 */
record Lengths(Model model, String name, int trained) {
  private static final int[] MULTIPLES = {1, 2, 4, 8};

  /** First tokens that are always seen: "about 10". */
  private static final int SINKS = 10;

  /** Texts as long as the largest multiple of which the rows fill at least one. */
  static List<int[]> texts(Study study, Tokenizer tokenizer, int trained, int most) {
    for (int i = MULTIPLES.length - 1; i > 0; i--) {
      Windows windows = Windows.cut(study, tokenizer, MULTIPLES[i] * trained, most);
      if (!windows.texts().isEmpty()) {
        return windows.texts();
      }
    }
    return List.of();
  }

  /** Tokens that are run for one text. */
  static long tokens(int trained, List<int[]> texts) {
    long tokens = 0;
    for (int multiple : MULTIPLES) {
      tokens += multiple * trained <= texts.getFirst().length ? 2L * multiple * trained : 0;
    }
    return tokens;
  }

  /** Perplexity over that at one window, on the last half window of each text. */
  List<Effect> effects(List<int[]> texts, Perturbations perturbations) {
    int targets = trained / 2;
    Losses before = Losses.of(model, sequences(texts, 1, false));
    List<Effect> effects = new ArrayList<>();
    for (boolean window : new boolean[] {false, true}) {
      for (int multiple : MULTIPLES) {
        if (multiple * trained > texts.getFirst().length) {
          continue;
        }
        Losses after = Losses.of(model, sequences(texts, multiple, window));
        List<Losses.Change> changes =
            IntStream.range(0, texts.size())
                .mapToObj(text -> after.change(text, before, targets, token -> true))
                .toList();
        String perturbation = "length." + (window ? "window" : "plain");
        effects.add(perturbations.effect(name, perturbation, 1, "multiple", multiple, changes));
      }
    }
    return effects;
  }

  private List<Sequence> sequences(List<int[]> texts, int multiple, boolean window) {
    return texts.stream().map(text -> sequence(text, multiple * trained, window)).toList();
  }

  private Sequence sequence(int[] text, int length, boolean window) {
    int[] last = Arrays.copyOfRange(text, text.length - length, text.length);
    Sequence.Builder sequence = Sequence.builder(last).scoreFrom(length - trained / 2);
    if (length > model.capabilities().longestContext()) {
      sequence.beyondContext();
    }
    if (window) {
      sequence.sinksAndWindow(SINKS, trained);
      sequence.distances(Distances.atMost(trained));
    }
    return sequence.build();
  }
}
