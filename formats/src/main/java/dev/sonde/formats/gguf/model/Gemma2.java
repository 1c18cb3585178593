package dev.sonde.formats.gguf.model;

import java.util.List;
import java.util.Map;

/** Gemma 2. */
final class Gemma2 implements Family {
  private static final long BLOCKS_OF_27B = 46;

  @Override
  public Map<String, Object> config(Hyperparameters given) {
    Map<String, Object> config = Gemma.config(given, "gemma2", "Gemma2ForCausalLM", BLOCKS_OF_27B);
    config.put("layer_types", Gemma.layerTypes(given.blocks(), 2));
    return config;
  }

  @Override
  public List<Rule> rules(Hyperparameters given) {
    return Gemma.rules();
  }
}
