package dev.sonde.engine.run;

import dev.sonde.api.config.Settings;
import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.DecoderFactory;
import dev.sonde.engine.experiment.ConfigView;
import dev.sonde.engine.experiment.Experiment.Part;
import dev.sonde.engine.plugin.ExtensionKind;
import dev.sonde.engine.plugin.Offer;
import dev.sonde.engine.plugin.PluginRegistry;
import java.util.Map;
import java.util.Optional;

/** Decoders by name, each called as its plugin expects it. */
final class Decoders {
  private final PluginRegistry plugins;
  private final Map<String, Part> chosen;

  /**
   * Over the decoders of plugins.
   *
   * @param chosen the experiment's settings of decoders, by their names there
   */
  Decoders(PluginRegistry plugins, Map<String, Part> chosen) {
    this.plugins = plugins;
    this.chosen = chosen;
  }

  Decoder find(String name) {
    Offer<DecoderFactory> offer = plugins.find(ExtensionKind.DECODER, name);
    Settings settings = offer.call(DecoderFactory::settings);
    ConfigView config =
        Optional.ofNullable(chosen.get(name))
            .map(part -> part.checked(settings))
            .orElseGet(() -> ConfigView.defaults(settings, "decoder " + name));
    Decoder made =
        offer.guarded("make the decoder '%s'".formatted(name), factory -> factory.create(config));
    return new GuardedDecoder(name, offer.plugin(), made);
  }
}
