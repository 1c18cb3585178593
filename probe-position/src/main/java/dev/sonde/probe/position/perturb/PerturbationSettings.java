package dev.sonde.probe.position.perturb;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * How a running model is perturbed.
 *
 * @param window tokens of a text
 * @param first how many first tokens of a text are left out of estimates
 * @param asked which perturbations are run
 * @param fractions of tokens or cells that are perturbed
 * @param reach how far apart swapped tokens stand at most; also the largest jitter
 * @param texts how many texts are perturbed, at most
 * @param substituted how many get other logits in all blocks, at most
 * @param exactHeads how many heads are run alone, of those with the largest effect of each
 * @param longTexts how many texts get longer contexts, at most
 * @param budget tokens × blocks that a perturbation may run on a model
 * @param trainedLength the window the model was trained with; empty: what its files say
 */
public record PerturbationSettings(
    int window,
    int first,
    List<Perturbation> asked,
    List<Double> fractions,
    int reach,
    int texts,
    int substituted,
    int exactHeads,
    int longTexts,
    long budget,
    OptionalInt trainedLength) {
  /** Settings with their lists copied. */
  public PerturbationSettings {
    asked = List.copyOf(asked);
    fractions = List.copyOf(fractions);
  }

  /** Whether a perturbation is asked for. */
  public boolean asks(Perturbation perturbation) {
    return asked.stream().anyMatch(each -> each.key().equals(perturbation.key()));
  }

  /** All that are asked for, what stands beside substitutions among them. */
  List<Perturbation> all() {
    return Arrays.stream(Perturbation.values()).filter(this::asks).toList();
  }

  /**
   * The window that a model was trained with.
   *
   * @param longestContext what its files say
   */
  public int trained(int longestContext) {
    return trainedLength.orElse(longestContext);
  }
}
