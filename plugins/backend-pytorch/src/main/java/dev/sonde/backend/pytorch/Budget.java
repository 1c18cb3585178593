package dev.sonde.backend.pytorch;

import dev.sonde.api.Resources;
import dev.sonde.api.config.Config;
import dev.sonde.api.config.Settings;

/**
 * What a user may spend, and where.
 *
 * @param device where models run
 * @param tokens most tokens of a packed batch
 * @param prefixBytes most bytes of keys and values of prefixes that are kept; 0 shares nothing
 * @param threads of libtorch; 0 for as many as the machine has processors
 */
record Budget(TorchDevice device, int tokens, long prefixBytes, int threads) {
  private static final String DEVICE = "device";
  private static final String THREADS = "threads";
  private static final String TOKENS = "token_budget";
  private static final String PREFIXES = "prefix_cache_mib";

  /** Large enough for the matrix products to run at speed, small enough for the cache. */
  private static final int DEFAULT_TOKENS = 2048;

  private static final int DEFAULT_MEBIBYTES = 256;

  static Settings settings() {
    return Settings.none()
        .string(
            DEVICE,
            Resources.CPU,
            "where the model runs: cpu, cuda:N or mps; cuda needs a libtorch of your own, see"
                + " docs/devices.md")
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

  /**
   * What a model's settings say.
   *
   * @param machine whose device is taken where it is not the processor
   */
  static Budget of(Config config, Resources machine) {
    String name = machine.device().equals(Resources.CPU) ? config.string(DEVICE) : machine.device();
    TorchDevice device =
        TorchDevice.parse(name)
            .orElseThrow(
                () -> config.error(DEVICE, "is %s, not '%s'".formatted(TorchDevice.NAMES, name)));
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
    return new Budget(device, tokens, (long) mebibytes << 20, threads);
  }

  /** The machine as far as it may be used. */
  Resources of(Resources machine) {
    return threads == 0 ? machine : machine.threads(threads);
  }
}
