package dev.sonde.probe.stepimportance.plan;

import dev.sonde.api.config.Config;
import dev.sonde.probe.stepimportance.search.SearchVariant;
import java.util.List;

/**
 * What decides how much a search takes, whatever the chain.
 *
 * @param variants of the search
 * @param thetas how many thresholds influence is followed at
 * @param samples answers sampled of each subsequence
 * @param predicts whether activations of the steps are read afterwards
 */
record SearchOptions(List<SearchVariant> variants, int thetas, int samples, boolean predicts) {
  /** Options with their list copied. */
  SearchOptions {
    variants = List.copyOf(variants);
  }

  static SearchOptions of(Config config, List<SearchVariant> variants) {
    return new SearchOptions(
        variants,
        config.reals("thetas").size(),
        config.integer("samples"),
        !config.string("probe").equals("none"));
  }

  /** How many subsequences a variant tests at most before its queue begins. */
  int thresholds(SearchVariant variant) {
    return switch (variant) {
      case ACTIVATION, GRADIENT_X_INPUT, INTEGRATED_GRADIENTS, SUPPRESSION -> thetas;
      case RANKING -> 1;
      case RESAMPLING, RANDOM -> 0;
    };
  }
}
