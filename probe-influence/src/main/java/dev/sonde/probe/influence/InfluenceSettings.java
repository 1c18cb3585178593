package dev.sonde.probe.influence;

import dev.sonde.api.config.Config;
import dev.sonde.api.probe.Inputs;
import dev.sonde.probe.influence.check.RetrainingSettings;
import dev.sonde.probe.influence.curvature.FitSettings;
import dev.sonde.probe.influence.read.LinearChoice;
import dev.sonde.probe.influence.read.TextSources;
import dev.sonde.probe.influence.report.ReportSettings;
import dev.sonde.probe.influence.score.InfluencePlan;
import dev.sonde.probe.influence.score.ScoreSettings;
import java.util.List;

/** What a user chooses, room by room; see {@link InfluenceProbeFactory#settings}. */
record InfluenceSettings(
    TextSources sources,
    LinearChoice linears,
    FitSettings fit,
    ScoreSettings scores,
    RetrainingSettings retraining,
    ReportSettings report) {

  static InfluenceSettings of(Config config) {
    for (String atLeastOne : List.of("fit", "top", "partitions", "shard")) {
      if (config.integer(atLeastOne) < 1) {
        throw config.error(atLeastOne, "must be at least 1");
      }
    }
    for (String notNegative : List.of("show", "resamples")) {
      if (config.integer(notNegative) < 0) {
        throw config.error(notNegative, "must not be negative");
      }
    }
    return new InfluenceSettings(
        TextSources.of(config),
        LinearChoice.of(config),
        FitSettings.of(config),
        ScoreSettings.of(config),
        RetrainingSettings.of(config),
        ReportSettings.of(config));
  }

  /** What is to be done, as far as that is known before a model is run. */
  InfluencePlan forecast(Inputs inputs) {
    return InfluencePlan.of(inputs, sources, linears.unasked(), fit, scores);
  }

  /** What is to be done with the models and data sets of an experiment. */
  InfluencePlan plan(Inputs inputs) {
    return InfluencePlan.of(inputs, sources, linears, fit, scores);
  }
}
