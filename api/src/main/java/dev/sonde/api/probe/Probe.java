package dev.sonde.api.probe;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.data.Study;
import dev.sonde.api.model.ModelInfo;

/** A question put to a model. It says what it can know beforehand, then works on it. */
@ApiStatus(ApiStatus.Level.STABLE)
public interface Probe extends AutoCloseable {
  /**
   * What is known from the data alone; the engine plans one pass for the needs of all probes.
   *
   * @param model the main model, not yet run
   * @param study the main data set
   */
  default Needs needs(ModelInfo model, Study study) {
    return Needs.builder().build();
  }

  /**
   * The same, for a probe that looks at further data sets or at tokens to know it.
   *
   * @param inputs its models can be asked for what they are and for their tokenizers; to run one
   *     here would be work outside the plan
   */
  default Needs needs(Inputs inputs) {
    return needs(inputs.model().info(), inputs.study());
  }

  /**
   * Does the work. An exception makes this probe's section of the report a failure; other probes go
   * on.
   */
  void run(ProbeContext context);

  @Override
  default void close() {}
}
