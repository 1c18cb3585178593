package dev.sonde.api.model;

import dev.sonde.api.Resources;
import dev.sonde.api.config.Config;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * A model reference that the engine has resolved to files.
 *
 * @param ref the reference as the user wrote it, for messages
 * @param path a Hugging Face folder or a single file
 * @param freshSeed where it is given, the weights are not those of the files but freshly
 *     initialised with it, the same on every backend
 * @param dtype the number type asked for: {@code float32}, {@code bfloat16} or {@code auto}
 * @param resources what of the machine the backend may use
 * @param config the backend's own settings
 */
public record ModelSource(
    String ref,
    Path path,
    OptionalLong freshSeed,
    String dtype,
    Resources resources,
    Config config) {

  /** A model with the weights of its files. */
  public ModelSource(String ref, Path path, String dtype, Resources resources, Config config) {
    this(ref, path, OptionalLong.empty(), dtype, resources, config);
  }
}
