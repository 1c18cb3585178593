package dev.sonde.engine.run;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.DecoderFactory;
import dev.sonde.api.evaluate.Design;
import dev.sonde.api.evaluate.LinearScorer;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.engine.experiment.ConfigView;
import dev.sonde.engine.plugin.ExtensionKind;
import dev.sonde.engine.plugin.LoadedPlugin;
import dev.sonde.engine.plugin.Offer;
import dev.sonde.engine.plugin.PluginRegistry;
import java.util.List;

/** Decoders by name, each called as its plugin expects it. */
final class Decoders {
  private final PluginRegistry plugins;

  Decoders(PluginRegistry plugins) {
    this.plugins = plugins;
  }

  Decoder find(String name) {
    Offer<DecoderFactory> offer = plugins.find(ExtensionKind.DECODER, name);
    ConfigView settings =
        ConfigView.defaults(offer.call(DecoderFactory::settings), "decoder " + name);
    return new InPlugin(offer.plugin(), offer.call(factory -> factory.create(settings)));
  }

  /** A decoder whose calls run with its plugin's class loader. */
  private record InPlugin(LoadedPlugin plugin, Decoder decoder) implements Decoder {
    @Override
    public Scorer fit(Design train, Targets targets) {
      return inPlugin(plugin.call(() -> decoder.fit(train, targets)));
    }

    @Override
    public List<Scorer> fitAll(Design train, List<Targets> many) {
      return plugin.call(() -> decoder.fitAll(train, many)).stream().map(this::inPlugin).toList();
    }

    private Scorer inPlugin(Scorer scorer) {
      return scorer instanceof LinearScorer
          ? scorer
          : rows -> plugin.call(() -> scorer.score(rows));
    }

    @Override
    public boolean closedForm() {
      return plugin.call(decoder::closedForm);
    }
  }
}
