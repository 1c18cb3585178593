package dev.sonde.api.model;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.UnsupportedCapabilityException;
import java.nio.file.Path;

/** An open model as a plugin gives it. Called by one thread at a time; closed once. */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public interface ModelBackend extends LanguageModel, AutoCloseable {
  /**
   * Continues the training of a copy: this model stays as it is. The same plan gives the same
   * weights on one machine.
   *
   * @return the trained model, which the caller closes
   * @throws UnsupportedCapabilityException if {@link Capabilities#TRAINING} is not among the
   *     features, with the reason
   */
  default ModelBackend train(TrainingPlan plan) {
    throw new UnsupportedCapabilityException("this backend does not train");
  }

  /**
   * Writes the model as a Hugging Face folder that any backend opens, in float32, with its
   * tokenizer. What {@link #train} gives can be saved.
   *
   * @param folder an empty folder, or one that does not exist
   * @throws UnsupportedCapabilityException if the backend does not save
   */
  default void save(Path folder) {
    throw new UnsupportedCapabilityException("this backend does not save models");
  }

  /**
   * Forgets what earlier requests left behind, such as keys and values of prefixes. What follows is
   * computed as by a model that was just opened.
   */
  default void forget() {}

  @Override
  void close();
}
