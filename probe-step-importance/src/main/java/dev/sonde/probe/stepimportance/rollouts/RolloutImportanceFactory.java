package dev.sonde.probe.stepimportance.rollouts;

import dev.sonde.answers.AnswerParser;
import dev.sonde.api.config.Config;
import dev.sonde.api.config.Settings;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeFactory;

/** Makes {@link RolloutImportanceProbe}. */
public final class RolloutImportanceFactory implements ProbeFactory {
  /** Made by the plugin. */
  public RolloutImportanceFactory() {}

  @Override
  public String name() {
    return "rollout-importance";
  }

  @Override
  public String summary() {
    return "computes thought anchors' importances from rollouts that are there";
  }

  @Override
  public Settings settings() {
    return Settings.none()
        .choice("parser", AnswerParser.NAMES, "math", "how answers are read")
        .real(
            "similarity",
            0.8,
            "steps are the same step where the cosine of their word counts reaches this")
        .real(
            "rollout_smoothing",
            0.5,
            "what is added to the count of each answer before distributions are compared");
  }

  @Override
  public Probe create(Config config) {
    return new RolloutImportanceProbe(config);
  }
}
