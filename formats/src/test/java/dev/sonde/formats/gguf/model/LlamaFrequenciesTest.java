package dev.sonde.formats.gguf.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.gguf.GgufTensor;
import dev.sonde.formats.gguf.GgufType;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LlamaFrequenciesTest {
  @ParameterizedTest
  @CsvSource({
    "500000, 64, 8, 4, 8192", // Llama 3.1
    "500000, 32, 32, 4, 8192", // Llama 3.2 with 1 billion parameters
    "500000, 4, 8, 4, 8192", // too few planes to fit a line through
    "10000, 64, 4, 3, 4096",
    "1000000, 48, 16, 8, 65536"
  })
  void theParametersAreFoundBehindTheFactors(
      double base, int planes, double factor, double high, long length) {
    assertThat(LlamaFrequencies.scaling(base, tensor(factors(base, planes, factor, high, length))))
        .hasValueSatisfying(
            scaling ->
                assertThat(scaling)
                    .containsEntry("rope_type", "llama3")
                    .containsEntry("factor", factor)
                    .containsEntry("low_freq_factor", 1.0)
                    .containsEntry("high_freq_factor", high)
                    .containsEntry("original_max_position_embeddings", length));
  }

  @Test
  void factorsOfOneAreNoScaling() {
    assertThat(LlamaFrequencies.scaling(10_000, tensor(new float[] {1, 1, 1, 1}))).isEmpty();
  }

  @Test
  void otherFactorsAreRefused() {
    float[] factors = factors(500_000, 64, 8, 4, 8192);
    factors[40] *= 1.01f;
    GgufTensor tensor = tensor(factors);
    assertThatThrownBy(() -> LlamaFrequencies.scaling(500_000, tensor))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("tensor 'rope_freqs.weight' holds no scaling that Llama 3 knows");
  }

  /** As llama.cpp's converter computes them, in float32. */
  private static float[] factors(double base, int planes, double factor, double high, long length) {
    float[] factors = new float[planes];
    for (int plane = 0; plane < planes; plane++) {
      float frequency = (float) Math.pow(base, -(double) plane / planes);
      float wavelength = (float) (2 * Math.PI) / frequency;
      float smooth = (float) ((length / wavelength - 1) / (high - 1));
      float between = (float) (1 / ((1 - smooth) / factor + smooth));
      factors[plane] =
          wavelength < length / high ? 1 : wavelength > length ? (float) factor : between;
    }
    return factors;
  }

  private static GgufTensor tensor(float[] numbers) {
    return new GgufTensor(
        Path.of("model.gguf"),
        "rope_freqs.weight",
        GgufType.F32,
        List.of((long) numbers.length),
        MemorySegment.ofArray(numbers));
  }
}
