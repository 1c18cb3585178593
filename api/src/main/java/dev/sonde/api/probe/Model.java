package dev.sonde.api.probe;

import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.TrainingPlan;
import dev.sonde.api.text.Tokenizer;

/** A model as a probe sees it: a backend and its tokenizer. */
public interface Model {
  /** What is known of it. */
  ModelInfo info();

  /** What it can do. */
  Capabilities capabilities();

  /**
   * Its tokenizer.
   *
   * @throws dev.sonde.api.ModelUnavailableException if the model brings none
   */
  Tokenizer tokenizer();

  /** Streams activations without storing them; {@link ProbeContext#capture} stores. */
  ActivationStream forward(ForwardRequest request);

  /** Continues sequences. */
  GenerationStream generate(GenerateRequest request);

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
