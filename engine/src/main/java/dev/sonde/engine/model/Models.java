package dev.sonde.engine.model;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.Resources;
import dev.sonde.api.SondeException;
import dev.sonde.api.config.Config;
import dev.sonde.api.config.Settings;
import dev.sonde.api.model.ModelBackend;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.model.ModelSource;
import dev.sonde.engine.experiment.ConfigView;
import dev.sonde.engine.experiment.Experiment.ModelPart;
import dev.sonde.engine.plugin.ExtensionKind;
import dev.sonde.engine.plugin.Offer;
import dev.sonde.engine.plugin.PluginRegistry;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** Opens models. */
public final class Models {
  private static final List<String> REMOTE = List.of("hf:", "random:");

  private final PluginRegistry plugins;
  private final Resources resources;

  /** An opener; the resources go to the backends. */
  public Models(PluginRegistry plugins, Resources resources) {
    this.plugins = plugins;
    this.resources = resources;
  }

  /** The files of a model reference. */
  public static Path resolve(ModelPart part) {
    String ref = part.ref();
    for (String prefix : REMOTE) {
      if (ref.startsWith(prefix)) {
        throw new ModelUnavailableException(
            "model '%s': references that begin with %s are not supported yet; give a folder"
                .formatted(ref, prefix));
      }
    }
    Path path;
    try {
      path = part.base().resolve(ref).normalize();
    } catch (InvalidPathException e) {
      throw new InvalidInputException("model.ref '%s' is not a path".formatted(ref), e);
    }
    if (!Files.exists(path)) {
      throw new ModelUnavailableException(
          "model '%s': there is no such folder: %s".formatted(ref, path));
    }
    return path;
  }

  /**
   * Opens a model; its weights are not read before it is run.
   *
   * @throws ModelUnavailableException if it cannot be opened
   */
  public OpenModel open(ModelPart part) {
    Offer<ModelBackendFactory> offer = plugins.find(ExtensionKind.BACKEND, part.backend());
    Path path = resolve(part);
    Settings settings = offer.call(ModelBackendFactory::settings);
    Config config =
        part.with()
            .<Config>map(with -> with.checked(settings))
            .orElseGet(() -> ConfigView.defaults(settings, "model.with"));
    ModelSource source = new ModelSource(part.ref(), path, part.dtype(), resources, config);
    ModelBackend backend;
    try {
      backend = offer.call(factory -> factory.open(source));
    } catch (SondeException e) {
      throw e;
    } catch (RuntimeException | LinkageError e) {
      throw new ModelUnavailableException(
          "model '%s': backend '%s' failed to open it: %s".formatted(part.ref(), part.backend(), e),
          e);
    }
    return new OpenModel(offer.plugin(), offer.factory().name(), backend, plugins, resources);
  }
}
