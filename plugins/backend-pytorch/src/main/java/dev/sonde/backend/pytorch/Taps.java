package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.api.model.HookPoint;

/** What reads and changes activations while a decoder runs. */
interface Taps {
  /** Nobody looks. */
  Taps NONE =
      new Taps() {
        @Override
        public boolean wants(HookPoint point) {
          return false;
        }

        @Override
        public boolean wantsLinears() {
          return false;
        }

        @Override
        public PtNDArray at(Torch.Scope scope, HookPoint point, PtNDArray activations) {
          return activations;
        }
      };

  /** Whether anybody reads or changes that point. */
  boolean wants(HookPoint point);

  /** Whether all that anybody reads was shown, so that the rest need not be computed. */
  default boolean enough() {
    return false;
  }

  /** Whether anybody reads the inputs or outputs of any linear. */
  boolean wantsLinears();

  /**
   * Shows the activations at a point.
   *
   * @param activations {@code [tokens, …]}
   * @return them, changed as somebody wishes
   */
  PtNDArray at(Torch.Scope scope, HookPoint point, PtNDArray activations);
}
