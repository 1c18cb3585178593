package dev.sonde.engine.model;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.Resources;
import dev.sonde.api.SondeException;
import dev.sonde.api.config.Config;
import dev.sonde.api.config.Settings;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelBackendFactory;
import dev.sonde.api.model.ModelSource;
import dev.sonde.engine.experiment.ConfigView;
import dev.sonde.engine.experiment.Experiment.ModelPart;
import dev.sonde.engine.plugin.ExtensionKind;
import dev.sonde.engine.plugin.Offer;
import dev.sonde.engine.plugin.PluginRegistry;
import java.util.OptionalLong;

/** Opens models. */
public final class Models {
  private final PluginRegistry plugins;
  private final Resources resources;
  private final HubModels hub;

  /** An opener; the resources go to the backends. */
  public Models(PluginRegistry plugins, Resources resources, HubModels hub) {
    this.plugins = plugins;
    this.resources = resources;
    this.hub = hub;
  }

  /** The same on another device. */
  public Models on(String device) {
    return new Models(plugins, resources.device(device), hub);
  }

  /**
   * Opens a model; its weights are not read before it is run.
   *
   * @throws ModelUnavailableException if it cannot be opened
   */
  public OpenModel open(ModelPart part) {
    Offer<ModelBackendFactory> offer = plugins.find(ExtensionKind.BACKEND, part.backend());
    ModelReference reference = ModelReference.of(part, hub);
    Settings settings = offer.call(ModelBackendFactory::settings);
    Config config =
        part.with()
            .<Config>map(with -> with.checked(settings))
            .orElseGet(() -> ConfigView.defaults(settings, "model.with"));
    ModelSource trained =
        ModelSource.of(part.ref(), reference.path(), resources, config).dtype(part.dtype());
    OptionalLong fresh = reference.freshSeed();
    ModelSource source = fresh.isPresent() ? trained.freshSeed(fresh.getAsLong()) : trained;
    LanguageModel backend;
    try {
      backend = offer.call(factory -> factory.open(source));
    } catch (SondeException e) {
      throw e;
    } catch (RuntimeException | LinkageError e) {
      throw new ModelUnavailableException(
          "model '%s': backend '%s' failed to open it: %s".formatted(part.ref(), part.backend(), e),
          e);
    }
    return new OpenModel(
        reference, offer.plugin(), offer.factory().name(), backend, plugins, resources);
  }
}
