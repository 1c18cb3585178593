package dev.sonde.api.model;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.Resources;
import dev.sonde.api.config.Config;
import java.nio.file.Path;
import java.util.OptionalLong;

/** A model reference that the engine has resolved to files. */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public final class ModelSource {
  private final String ref;
  private final Path path;
  private final OptionalLong freshSeed;
  private final String dtype;
  private final Resources resources;
  private final Config config;

  private ModelSource(
      String ref,
      Path path,
      OptionalLong freshSeed,
      String dtype,
      Resources resources,
      Config config) {
    this.ref = ref;
    this.path = path;
    this.freshSeed = freshSeed;
    this.dtype = dtype;
    this.resources = resources;
    this.config = config;
  }

  /**
   * A model in float32 with the weights of its files.
   *
   * @param ref the reference as the user wrote it, for messages
   * @param path a Hugging Face folder or a single file
   * @param resources what of the machine the backend may use
   * @param config the backend's own settings
   */
  public static ModelSource of(String ref, Path path, Resources resources, Config config) {
    return new ModelSource(ref, path, OptionalLong.empty(), "float32", resources, config);
  }

  /** The same with weights drawn afresh. */
  public ModelSource freshSeed(long seed) {
    return new ModelSource(ref, path, OptionalLong.of(seed), dtype, resources, config);
  }

  /** The same in another number type. */
  public ModelSource dtype(String name) {
    return new ModelSource(ref, path, freshSeed, name, resources, config);
  }

  /** The reference as the user wrote it, for messages. */
  public String ref() {
    return ref;
  }

  /** A Hugging Face folder or a single file. */
  public Path path() {
    return path;
  }

  /**
   * Where it is given, the weights are not those of the files but freshly initialised with it, the
   * same on every backend.
   */
  public OptionalLong freshSeed() {
    return freshSeed;
  }

  /** The number type asked for: {@code float32}, {@code bfloat16} or {@code auto}. */
  public String dtype() {
    return dtype;
  }

  /** What of the machine the backend may use. */
  public Resources resources() {
    return resources;
  }

  /** The backend's own settings. */
  public Config config() {
    return config;
  }
}
