package dev.sonde.probe.influence.curvature;

import dev.sonde.api.config.Config;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What curvature is fitted on.
 *
 * @param sampledLabels whether labels are drawn by the model
 * @param documents most documents
 * @param partitions parts of the documents, a shard each
 * @param resamples how often it is fitted again on other labels
 * @param factors the folder with factors that were fitted before; empty where they are fitted now
 */
public record FitSettings(
    boolean sampledLabels, int documents, int partitions, int resamples, Optional<Path> factors) {

  /** As configured. */
  public static FitSettings of(Config config) {
    return new FitSettings(
        config.string("labels").equals("sampled"),
        config.integer("fit"),
        config.integer("partitions"),
        config.integer("resamples"),
        config.has("factors_from")
            ? Optional.of(Path.of(config.string("factors_from")))
            : Optional.empty());
  }
}
