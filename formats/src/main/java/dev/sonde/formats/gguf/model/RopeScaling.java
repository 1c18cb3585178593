package dev.sonde.formats.gguf.model;

import dev.sonde.formats.gguf.GgufTensor;
import dev.sonde.formats.json.JsonText;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The {@code rope_scaling} of config.json, from keys of the file or from factors in tensors. */
final class RopeScaling {
  /** Per rotary plane what its frequency is divided by; Llama 3.1 and later. */
  static final String FREQUENCIES = "rope_freqs.weight";

  /** The same for texts beyond the original context; Phi 3. */
  static final String LONG_FACTORS = "rope_factors_long.weight";

  /** The same for texts within it. */
  static final String SHORT_FACTORS = "rope_factors_short.weight";

  private static final String TYPE = "rope.scaling.type";
  private static final String ORIGINAL_LENGTH = "original_max_position_embeddings";

  private RopeScaling() {}

  /** The scaling, where there is one. */
  static Optional<Map<String, Object>> of(Hyperparameters given) {
    if (given.has(FREQUENCIES)) {
      return LlamaFrequencies.scaling(given.rotaryBase(), given.tensor(FREQUENCIES));
    }
    if (given.has(LONG_FACTORS)) {
      given.pass("rope.scaling.attn_factor"); // follows from the two lengths
      // The one type whose published configurations still write "type".
      Map<String, Object> scaling = JsonText.object("type", "longrope");
      scaling.put("long_factor", decimals(given.tensor(LONG_FACTORS)));
      scaling.put("short_factor", decimals(given.tensor(SHORT_FACTORS)));
      return Optional.of(scaling);
    }
    String type = given.text(TYPE).orElse("none");
    return switch (type) {
      case "none" -> Optional.empty();
      case "linear" -> Optional.of(linear(given));
      case "yarn" -> Optional.of(yarn(given));
      default -> throw given.problem(TYPE, "is '" + type + "'; supported: none, linear, yarn");
    };
  }

  private static Map<String, Object> linear(Hyperparameters given) {
    Map<String, Object> scaling = scaling("linear");
    scaling.put("factor", given.real("rope.scaling.factor"));
    return scaling;
  }

  private static Map<String, Object> yarn(Hyperparameters given) {
    Map<String, Object> scaling = scaling("yarn");
    scaling.put("factor", given.real("rope.scaling.factor"));
    scaling.put(ORIGINAL_LENGTH, given.whole("rope.scaling.original_context_length"));
    put(scaling, "beta_fast", given.optionalReal("rope.scaling.yarn_beta_fast"));
    put(scaling, "beta_slow", given.optionalReal("rope.scaling.yarn_beta_slow"));
    put(scaling, "attention_factor", given.optionalReal("rope.scaling.yarn_attn_factor"));
    return scaling;
  }

  private static void put(Map<String, Object> scaling, String field, Optional<Double> value) {
    value.ifPresent(number -> scaling.put(field, number));
  }

  private static Map<String, Object> scaling(String type) {
    return JsonText.object("rope_type", type);
  }

  private static List<Double> decimals(GgufTensor tensor) {
    List<Double> decimals = new ArrayList<>();
    for (float number : floats(tensor)) {
      decimals.add(Double.parseDouble(Float.toString(number)));
    }
    return decimals;
  }

  /** All numbers of a small tensor. */
  static float[] floats(GgufTensor tensor) {
    MemorySegment numbers = MemorySegment.ofArray(new float[Math.toIntExact(tensor.count())]);
    tensor.copyFloats(0, numbers, tensor.count());
    return numbers.toArray(ValueLayout.JAVA_FLOAT);
  }
}
