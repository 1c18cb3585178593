package dev.sonde.backend.llamacpp;

import dev.sonde.api.Resources;
import dev.sonde.api.config.Config;
import dev.sonde.api.config.Setting;
import dev.sonde.api.config.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a user may choose.
 *
 * @param library a folder with a library of their own
 * @param device where models run
 * @param halfCache whether keys and values are kept in float16
 * @param cacheBytes most bytes of keys and values of generations that run at once
 * @param tokens most tokens of a packed batch
 */
record Options(
    Optional<Path> library, LlamaDevice device, boolean halfCache, long cacheBytes, int tokens) {
  private static final String LIBRARY = "library";
  private static final String DEVICE = "device";
  private static final String CACHE_TYPE = "cache_type";
  private static final String CACHE = "cache_mib";
  private static final String TOKENS = "token_budget";
  private static final String FLOAT32 = "float32";
  private static final String FLOAT16 = "float16";
  private static final int DEFAULT_MEBIBYTES = 1024;
  private static final int DEFAULT_TOKENS = 2048;

  static Settings settings() {
    return Settings.none()
        .choice(
            DEVICE,
            LlamaDevice.KINDS,
            Resources.CPU,
            "where the model runs; needs a build of llama.cpp for that device")
        .optional(
            LIBRARY,
            Setting.Type.STRING,
            "a folder with llama.cpp's libraries, instead of those beside the plugin")
        .choice(
            CACHE_TYPE,
            List.of(FLOAT32, FLOAT16),
            FLOAT32,
            "number type in which keys and values are kept")
        .integer(
            CACHE, DEFAULT_MEBIBYTES, "memory in MiB for keys and values of generations at once")
        .integer(TOKENS, DEFAULT_TOKENS, "maximum tokens of a batch; results do not depend on it");
  }

  static Options of(Config config, Resources resources) {
    int mebibytes = config.integer(CACHE);
    int tokens = config.integer(TOKENS);
    if (mebibytes < 1) {
      throw config.error(CACHE, "must be at least 1");
    }
    if (tokens < 1) {
      throw config.error(TOKENS, "must be at least 1");
    }
    String device =
        resources.device().equals(Resources.CPU) ? config.string(DEVICE) : resources.device();
    return new Options(
        config.has(LIBRARY) ? Optional.of(Path.of(config.string(LIBRARY))) : Optional.empty(),
        LlamaDevice.parse(device),
        config.string(CACHE_TYPE).equals(FLOAT16),
        (long) mebibytes << 20,
        tokens);
  }

  /** What is computed with, where it is not the file's weights alone. */
  String suffix() {
    return (halfCache ? ", float16 cache" : "")
        + (device.isProcessor() ? "" : " on " + device.kind());
  }
}
