package dev.sonde.engine;

import dev.sonde.api.model.Sampling;
import dev.sonde.engine.experiment.Experiment;
import dev.sonde.engine.tools.SteeredGeneration;
import java.util.Map;

/**
 * A prompt that a model is to continue.
 *
 * @param model {@code ref}, {@code backend} and {@code dtype}, as in an experiment
 * @param prompt a text, encoded with the special tokens that the tokenizer adds
 * @param maxTokens most tokens that are added, at least 1
 * @param temperature at least 0, which is greedy
 * @param seed decides what is drawn
 */
public record Prompted(
    Map<String, String> model, String prompt, int maxTokens, double temperature, long seed) {
  /** A prompt with its map copied. */
  public Prompted {
    model = Map.copyOf(model);
  }

  Experiment.ModelPart part() {
    return Experiment.ModelPart.here(
        model.getOrDefault("ref", ""),
        model.getOrDefault("backend", ""),
        model.getOrDefault("dtype", "float32"));
  }

  SteeredGeneration.Continuation continuation() {
    return new SteeredGeneration.Continuation(
        prompt, maxTokens, Sampling.temperature(temperature), seed);
  }
}
