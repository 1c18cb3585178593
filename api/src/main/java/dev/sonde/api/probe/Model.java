package dev.sonde.api.probe;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.TrainingPlan;
import dev.sonde.api.text.Tokenizer;

/**
 * A model as a probe sees it: with its tokenizer. {@link ProbeContext#capture} stores its rows. The
 * engine closes the models of the experiment; a probe closes those that {@link #train} gave it.
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public interface Model extends LanguageModel {
  /**
   * Its tokenizer.
   *
   * @throws dev.sonde.api.ModelUnavailableException if the model brings none
   */
  Tokenizer tokenizer();

  @Override
  default Model train(TrainingPlan plan) {
    throw new UnsupportedCapabilityException("this host does not train");
  }

  /** Releases what {@link #train} gave. */
  @Override
  default void close() {}
}
