package dev.sonde.probe.stepimportance.score;

import dev.sonde.api.config.Config;
import dev.sonde.api.config.Settings;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeFactory;
import dev.sonde.probe.stepimportance.answer.ChainSettings;
import java.util.List;

/** Makes {@link SubsetScoreProbe}. */
public final class SubsetScoreFactory implements ProbeFactory {
  /** Made by the plugin. */
  public SubsetScoreFactory() {}

  @Override
  public String name() {
    return "step-scores";
  }

  @Override
  public String summary() {
    return "scores subsets of a chain's steps: answer log-probability, accuracy, perplexity";
  }

  @Override
  public Settings settings() {
    return ChainSettings.asking(ChainSettings.sources(Settings.none()))
        .choice(
            "subsets",
            List.of("leave_one_out", "shapley", "rows"),
            "leave_one_out",
            "which subsets: all steps but each one; the beginnings of drawn orders, for Shapley"
                + " values; or those that rows name")
        .string(
            "subsets_column",
            "subsets",
            "the column with a row's subsets: a list of texts such as 0 2 3, steps from 0")
        .integer("draws", 20, "orders drawn for Shapley values")
        .integer("cohort", 16, "rows that are scored together; one shard of the run");
  }

  @Override
  public Probe create(Config config) {
    return new SubsetScoreProbe(config);
  }
}
