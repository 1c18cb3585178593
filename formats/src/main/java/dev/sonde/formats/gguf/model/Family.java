package dev.sonde.formats.gguf.model;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** How the models of one architecture were converted to GGUF, and so the way back. */
interface Family {
  /** The fields of config.json that are the family's own. */
  Map<String, Object> config(Hyperparameters given);

  /** The weights, in the order of the folder. */
  List<Rule> rules(Hyperparameters given);

  /** Tensors that are fields of config.json instead of weights. */
  default Set<String> inConfig() {
    return Set.of();
  }
}
