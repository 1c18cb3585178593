package dev.sonde.api.probe;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What a shard of a probe's work may use, in the run's process or in another one: the experiment's
 * models and data sets, stored activations, and the results of the probe's earlier stages.
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.2")
public interface ShardContext extends Inputs {
  /**
   * The main model with weights drawn afresh, for probes that ask for it in their {@link
   * Needs#control needs}; empty where the main model has such weights itself.
   */
  default Optional<Model> control() {
    return Optional.empty();
  }

  /**
   * Activations, from the store where they are there already.
   *
   * @return per hook point, patterns expanded, in the order asked for: {@code [examples, width]}
   *     float32 in study order
   * @throws dev.sonde.api.InvalidInputException if the experiment has no model or data set of the
   *     request's name, or the model no such hook point
   */
  Map<HookPoint, Matrix> capture(CaptureRequest request);

  /** The linear algebra of the run. */
  LinearAlgebra linearAlgebra();

  /** Random numbers that depend on the run's seed, the probe and the purpose only. */
  RandomGenerator random(String purpose);

  /**
   * The result of a stage of this probe that has finished.
   *
   * @throws IllegalStateException if none of that name has
   */
  default Artifact result(String stage) {
    throw new IllegalStateException("no stage '%s' has finished".formatted(stage));
  }

  /**
   * Tells how far the work is.
   *
   * @param done between 0 and {@code total}
   */
  void progress(String what, long done, long total);
}
