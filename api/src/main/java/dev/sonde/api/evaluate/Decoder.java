package dev.sonde.api.evaluate;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.InvalidInputException;
import java.util.List;
import java.util.Optional;

/**
 * A way to predict targets from activations: the smallest thing a third party writes. The engine
 * calls it on training folds only and never shows it a held-out row.
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public interface Decoder {
  /**
   * Fits one labeling.
   *
   * @param train the training rows
   * @param targets one per training row, both classes present
   */
  Scorer fit(Design train, Targets targets);

  /**
   * Fits many labelings of the same rows, as permutation tests and control tasks need. Closed forms
   * override it to share their factorisation.
   */
  default List<Scorer> fitAll(Design train, List<Targets> many) {
    return many.stream().map(targets -> fit(train, targets)).toList();
  }

  /**
   * The scorer of a form that an instance of this decoder gave, perhaps in an earlier process. It
   * gives the scores of the one that was saved.
   *
   * @param form see {@link Scorer#form}
   * @throws InvalidInputException if it is of another kind or lacks a tensor
   */
  default Scorer restored(ScorerForm form) {
    if (!form.kind().equals(ScorerForm.LINEAR)) {
      throw new InvalidInputException(
          "this decoder restores scorers of the kind '%s' only, not '%s'"
              .formatted(ScorerForm.LINEAR, form.kind()));
    }
    return Scorer.linear(
        form.tensor(ScorerForm.WEIGHTS).row(0), form.tensor(ScorerForm.BIAS).get(0, 0));
  }

  /**
   * Whether {@link #fitAll} is cheap enough for a thousand labelings; otherwise the engine spends a
   * stated budget of refits.
   */
  default boolean closedForm() {
    return false;
  }

  /** How its weights follow from the rows, where it is one of the known forms. */
  default Optional<LinearForm> linearForm() {
    return Optional.empty();
  }
}
