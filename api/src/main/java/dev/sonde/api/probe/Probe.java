package dev.sonde.api.probe;

import dev.sonde.api.ApiStatus;

/** A question put to a model. It says what it can know beforehand, then works on it. */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public interface Probe extends AutoCloseable {
  /**
   * What is known beforehand; the engine plans the fewest passes for the needs of all probes.
   *
   * @param inputs its models can be asked for what they are and for their tokenizers; to run one
   *     here would be work outside the plan
   */
  default Needs needs(Inputs inputs) {
    return Needs.none();
  }

  /**
   * Does the work. An exception makes this probe's section of the report a failure; other probes go
   * on.
   */
  void run(ProbeContext context);

  /**
   * Computes one shard of a stage that {@link #run} asks for with {@link ProbeContext#shards}: from
   * the arguments, the settings and the context alone. It may be called on another instance of the
   * probe, made from the same settings, in another process.
   *
   * @param stage the stage's name
   * @param input what the shard is given
   * @return the shard's result
   */
  default Artifact shard(String stage, Artifact input, ShardContext context) {
    throw new UnsupportedOperationException("this probe has no stage '%s'".formatted(stage));
  }

  @Override
  default void close() {}
}
