package dev.sonde.engine.evaluate.control;

import java.util.Set;

/**
 * One question that an evaluation asks of its decoders beside how well they decode: what else would
 * reach as much, or how much is left without it.
 */
public interface Control {
  /**
   * Does all the work. Decoders are called through {@link EvaluationRun#attempt}, so that one that
   * fails harms no other.
   */
  Measured measure(EvaluationRun run);

  /** What was measured, until it is known which decoders work under every control. */
  interface Measured {
    /**
     * What was found, as if only some of the decoders had been evaluated; nothing is fitted again.
     *
     * @param working names of the decoders that never failed, at least one
     */
    ControlResult among(Set<String> working);
  }
}
