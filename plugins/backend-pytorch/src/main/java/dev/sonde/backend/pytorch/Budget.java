package dev.sonde.backend.pytorch;

import dev.sonde.api.Resources;
import dev.sonde.api.config.Config;
import dev.sonde.api.config.Settings;

/**
 * What a user may spend.
 *
 * @param tokens most tokens of a packed batch
 * @param prefixBytes most bytes of keys and values of prefixes that are kept; 0 shares nothing
 * @param threads of libtorch; 0 for as many as the machine has processors
 */
record Budget(int tokens, long prefixBytes, int threads) {
  private static final String THREADS = "threads";
  private static final String TOKENS = "token_budget";
  private static final String PREFIXES = "prefix_cache_mib";

  /** Large enough for the matrix products to run at speed, small enough for the cache. */
  private static final int DEFAULT_TOKENS = 2048;

  private static final int DEFAULT_MEBIBYTES = 256;

  static Settings settings() {
    return Settings.none()
        .integer(TOKENS, DEFAULT_TOKENS, "maximum tokens of a batch; results do not depend on it")
        .integer(
            PREFIXES,
            DEFAULT_MEBIBYTES,
            "memory in MiB for prefixes that prompts share; 0 runs each prompt from"
                + " its beginning")
        .integer(
            THREADS,
            0,
            "threads of libtorch; 0 for one per processor. On a machine that does other work too,"
                + " fewer are faster");
  }

  static Budget of(Config config) {
    int tokens = config.integer(TOKENS);
    int mebibytes = config.integer(PREFIXES);
    if (tokens < 1) {
      throw config.error(TOKENS, "must be at least 1");
    }
    if (mebibytes < 0) {
      throw config.error(PREFIXES, "must not be negative");
    }
    int threads = config.integer(THREADS);
    if (threads < 0) {
      throw config.error(THREADS, "must not be negative");
    }
    return new Budget(tokens, (long) mebibytes << 20, threads);
  }

  /** The machine as far as it may be used. */
  Resources of(Resources machine) {
    return threads == 0 ? machine : machine.threads(threads);
  }
}
