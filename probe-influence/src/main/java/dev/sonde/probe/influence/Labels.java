package dev.sonde.probe.influence;

import dev.sonde.api.model.Objective;
import java.util.function.Function;

/**
 * What an item's tokens are taken to be when its loss is differentiated: its own, or drawn by the
 * model.
 *
 * @param name tells labels apart
 * @param loss of an item
 */
record Labels(String name, Function<Item, Objective> loss) {
  /** The item's own tokens. */
  static final Labels DATA = new Labels("data", Item::loss);

  /** Drawn by the model; the draw depends on the seed and the item only. */
  static Labels sampled(long seed) {
    return new Labels("sampled " + seed, item -> item.sampledLoss(seed));
  }
}
