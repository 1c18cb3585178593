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
 * @param orders random orders that are tried
 * @param rollouts chains written anew from each place
 * @param rolloutTokens the most tokens of one
 * @param predicts whether activations of the steps are read afterwards
 */
record SearchOptions(
    List<SearchVariant> variants,
    int thetas,
    int samples,
    int orders,
    int rollouts,
    long rolloutTokens,
    boolean predicts) {
  /** Options with their list copied. */
  SearchOptions {
    variants = List.copyOf(variants);
  }

  static SearchOptions of(Config config, List<SearchVariant> variants) {
    return new SearchOptions(
        variants,
        config.reals("thetas").size(),
        config.integer("samples"),
        config.integer("orders"),
        config.integer("rollouts"),
        config.integer("rollout_tokens") > 0
            ? config.integer("rollout_tokens")
            : config.integer("chain_tokens"),
        !config.string("probe").equals("none"));
  }

  /** How many subsequences a variant tests at most before its queue begins. */
  int thresholds(SearchVariant variant) {
    return switch (variant) {
      case ACTIVATION,
          GRADIENT_X_INPUT,
          GRADIENT_X_INPUT_SUM,
          INTEGRATED_GRADIENTS,
          INTEGRATED_GRADIENTS_SUM,
          SUPPRESSION ->
          thetas;
      case RANKING -> 1;
      case RESAMPLING, RANDOM -> 0;
    };
  }

  /** How often a variant's queue is gone through. */
  int queues(SearchVariant variant) {
    return variant == SearchVariant.RANDOM ? orders : 1;
  }
}
