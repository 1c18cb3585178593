package dev.sonde.probe.influence.read;

import dev.sonde.api.config.Config;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which weights gradients are taken of.
 *
 * @param blocks the module that holds the blocks, for example {@code model.layers}; empty where the
 *     model is asked
 * @param linears names within a block with {@code *} for anything, for example {@code mlp.*}
 * @param layers blocks; none for all
 */
public record LinearChoice(Optional<String> blocks, List<String> linears, List<Integer> layers) {

  /** As configured. */
  public static LinearChoice of(Config config) {
    List<Integer> layers = new ArrayList<>();
    for (String layer : config.strings("layers")) {
      if (!layer.matches("\\d{1,5}")) {
        throw config.error("layers", "'%s' is no block".formatted(layer));
      }
      layers.add(Integer.parseInt(layer));
    }
    Optional<String> blocks =
        config.has("blocks") ? Optional.of(config.string("blocks")) : Optional.empty();
    return new LinearChoice(blocks, config.strings("linears"), layers);
  }

  /** The same without asking the model, where nothing may be run: then names are not looked at. */
  public LinearChoice unasked() {
    return new LinearChoice(Optional.of(blocks.orElse("blocks")), linears, layers);
  }
}
