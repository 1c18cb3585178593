package dev.sonde.api.probe;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.TrainingPlan;
import dev.sonde.api.text.Tokenizer;

/** A model as a probe sees it: with its tokenizer. {@link ProbeContext#capture} stores its rows. */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public interface Model extends LanguageModel {
  /**
   * Its tokenizer.
   *
   * @throws dev.sonde.api.ModelUnavailableException if the model brings none
   */
  Tokenizer tokenizer();

  /**
   * Continues the training of a copy; this model stays as it is.
   *
   * @return the trained model, which the caller closes
   * @throws UnsupportedCapabilityException if {@link Capabilities#TRAINING} is not among the
   *     features
   */
  default TrainedModel train(TrainingPlan plan) {
    throw new UnsupportedCapabilityException("this host does not train");
  }
}
