package dev.sonde.formats.gguf.model;

import java.util.List;
import java.util.Map;

/** The text part of Gemma 3. */
final class Gemma3 implements Family {
  private static final long BLOCKS_OF_27B = 62;

  /** One block in six sees everything; llama.cpp's converter writes no other. */
  private static final long PATTERN = 6;

  @Override
  public Map<String, Object> config(Hyperparameters given) {
    Map<String, Object> config =
        Gemma.config(given, "gemma3_text", "Gemma3ForCausalLM", BLOCKS_OF_27B);
    config.put("rope_local_base_freq", given.optionalReal("rope.freq_base_swa").orElse(10_000.0));
    config.put("sliding_window_pattern", PATTERN);
    config.put("layer_types", Gemma.layerTypes(given.blocks(), PATTERN));
    return config;
  }

  @Override
  public List<Rule> rules(Hyperparameters given) {
    return Gemma.rules();
  }
}
