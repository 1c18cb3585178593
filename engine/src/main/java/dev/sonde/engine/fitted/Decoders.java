package dev.sonde.engine.fitted;

import dev.sonde.api.config.Settings;
import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.DecoderFactory;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.ScorerForm;
import dev.sonde.engine.experiment.ConfigView;
import dev.sonde.engine.experiment.Experiment.Part;
import dev.sonde.engine.plugin.ExtensionKind;
import dev.sonde.engine.plugin.Offer;
import dev.sonde.engine.plugin.PluginRegistry;
import java.util.Map;
import java.util.Optional;

/** Decoders by name, each called as its plugin expects it. */
public final class Decoders {
  private final PluginRegistry plugins;
  private final Map<String, Part> chosen;

  /**
   * Over the decoders of plugins.
   *
   * @param chosen the experiment's settings of decoders, by their names there
   */
  public Decoders(PluginRegistry plugins, Map<String, Part> chosen) {
    this.plugins = plugins;
    this.chosen = chosen;
  }

  /**
   * The decoder of a name.
   *
   * @throws dev.sonde.api.InvalidInputException if no plugin has one, or its settings are wrong
   */
  public Decoder find(String name) {
    Offer<DecoderFactory> offer = plugins.find(ExtensionKind.DECODER, name);
    return made(name, offer, config(name, offer));
  }

  private static Decoder made(String name, Offer<DecoderFactory> offer, ConfigView config) {
    Decoder made =
        offer.guarded("make the decoder '%s'".formatted(name), factory -> factory.create(config));
    return new GuardedDecoder(name, offer.plugin(), made);
  }

  private ConfigView config(String name, Offer<DecoderFactory> offer) {
    Settings settings = offer.call(DecoderFactory::settings);
    return Optional.ofNullable(chosen.get(name))
        .map(part -> part.checked(settings))
        .orElseGet(() -> ConfigView.defaults(settings, "decoder " + name));
  }

  /** How a decoder was made. */
  public FittedBy fittedBy(String name) {
    Offer<DecoderFactory> offer = plugins.find(ExtensionKind.DECODER, name);
    return new FittedBy(
        name, offer.fullName(), offer.plugin().version(), config(name, offer).plain());
  }

  /**
   * The scorer that a decoder wrote, made by the same decoder with the same settings; one that is
   * linear needs no plugin.
   *
   * @throws dev.sonde.api.InvalidInputException if no plugin has the decoder, or it refuses the
   *     form
   */
  public Scorer restored(FittedBy by, ScorerForm form) {
    if (form.kind().equals(ScorerForm.LINEAR)) {
      return Scorer.linear(
          form.tensor(ScorerForm.WEIGHTS).row(0), form.tensor(ScorerForm.BIAS).get(0, 0));
    }
    Offer<DecoderFactory> offer = plugins.find(ExtensionKind.DECODER, by.fullName());
    Settings settings = offer.call(DecoderFactory::settings);
    ConfigView config = ConfigView.of(by.settings(), settings, "decoder " + by.name());
    return made(by.name(), offer, config).restored(form);
  }
}
