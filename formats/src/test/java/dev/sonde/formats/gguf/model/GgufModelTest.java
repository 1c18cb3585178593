package dev.sonde.formats.gguf.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.formats.Weight;
import dev.sonde.formats.gguf.Fixtures;
import dev.sonde.formats.safetensors.Tensor;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against models that llama.cpp's own converter made from Hugging Face states. */
class GgufModelTest {
  /** Half the step of float16 beside 1, in which converters take exponentials of such weights. */
  private static final float LOGARITHM = 5e-4f;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama",
        "mistral",
        "smollm",
        "qwen2",
        "qwen3",
        "gemma2",
        "gemma3",
        "olmo2",
        "phi3",
        "command-r",
        "gpt-oss",
        "gptneox",
        "gpt2",
        "mixtral",
        "qwen2moe",
        "qwen3moe",
        "olmoe",
        "gemma",
        "glm4",
        "deepseek-v2",
        "deepseek-v3",
        "granite",
        "granitemoe",
        "cohere2",
        "seed_oss",
        "smollm3",
        "starcoder2",
        "nemotron",
        "exaone4",
        "glm4moe",
        "lfm2",
        "qwen3next",
        "granitehybrid",
        "gemma3n"
      })
  void theWeightsAreThoseOfTheStateItWasConvertedFrom(String name) {
    Map<String, Tensor> expected = Fixtures.expected(name);

    Map<String, Weight> weights = open(name).weights();

    assertThat(weights.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
    expected.forEach(
        (key, tensor) -> {
          assertThat(weights.get(key).shape()).as(key).isEqualTo(tensor.shape());
          float[] found = unsignedZeros(Fixtures.floats(weights.get(key)));
          float[] wanted = unsignedZeros(Fixtures.floats(tensor));
          if (key.endsWith(".A_log")) { // files have its exponential, rounded
            assertThat(found).as(key).containsExactly(wanted, within(LOGARITHM));
          } else {
            assertThat(found).as(key).isEqualTo(wanted);
          }
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama",
        "gemma2",
        "gpt-oss",
        "gptneox",
        "gpt2",
        "qwen2moe",
        "granitemoe",
        "deepseek-v3",
        "qwen3next",
        "granitehybrid",
        "gemma3n"
      })
  void anyRangeOfAWeightIsTheSameAsThatPartOfTheWhole(String name) {
    for (Weight weight : open(name).weights().values()) {
      float[] whole = Fixtures.floats(weight);
      for (int from = 0; from < whole.length; from += 1 + whole.length / 7) {
        for (int count : new int[] {1, 3, 40, whole.length}) {
          int copied = Math.min(count, whole.length - from);
          assertThat(Fixtures.floats(weight, from, copied))
              .as("%s from %d", weight.name(), from)
              .isEqualTo(Arrays.copyOfRange(whole, from, from + copied));
        }
      }
    }
  }

  /** An MXFP4 zero has a sign in transformers and none in ggml. */
  private static float[] unsignedZeros(float[] numbers) {
    float[] unsigned = new float[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      unsigned[i] = numbers[i] + 0f;
    }
    return unsigned;
  }

  private static GgufModel open(String name) {
    return GgufModel.open(Fixtures.file(name + ".gguf"), Arena.ofAuto());
  }
}
