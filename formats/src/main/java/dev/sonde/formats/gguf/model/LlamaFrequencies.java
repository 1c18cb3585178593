package dev.sonde.formats.gguf.model;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.gguf.GgufTensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The parameters of Llama 3's rotary scaling behind the factors that a GGUF file holds instead of
 * them. A plane of wavelength {@code w} is divided by 1 where {@code w < length / high}, by the
 * factor where {@code w > length / low}, and between them by {@code 1 / ((1 - s) / factor + s)}
 * with {@code s = (length / w - low) / (high - low)}: a straight line in {@code 1 / w}. Its
 * parameters are known up to a common multiple of length, low and high that changes nothing; low is
 * 1.
 *
 * @param factor what the longest waves are divided by
 * @param high waves shorter than {@code length / high} stay as they are
 * @param length the original context
 */
record LlamaFrequencies(double factor, double high, double length) {
  private static final double LOW = 1;

  /** The published ones of Llama 3.1, 3.2 and 3.3. */
  private static final double PUBLISHED_HIGH = 4;

  private static final double PUBLISHED_LENGTH = 8192;

  /** The factors were computed in float32, whose rounding a factor of 32 enlarges. */
  private static final double TOLERANCE = 1e-4;

  /** The {@code rope_scaling} that gives a tensor's factors; none if they are all one. */
  static Optional<Map<String, Object>> scaling(double base, GgufTensor tensor) {
    float[] factors = RopeScaling.floats(tensor);
    double factor = factors[factors.length - 1];
    if (factor == 1) {
      return Optional.empty();
    }
    LlamaFrequencies published = new LlamaFrequencies(factor, PUBLISHED_HIGH, PUBLISHED_LENGTH);
    return Optional.of(
        Stream.of(published, fitted(base, factors, factor))
            .filter(candidate -> candidate.gives(base, factors))
            .findFirst()
            .orElseThrow(
                () ->
                    new FormatException(
                        tensor.file(),
                        "tensor '%s' holds no scaling that Llama 3 knows".formatted(tensor.name())))
            .asMap());
  }

  private static LlamaFrequencies fitted(double base, float[] factors, double factor) {
    double n = 0;
    double sumX = 0;
    double sumY = 0;
    double sumXX = 0;
    double sumXY = 0;
    for (int plane = 0; plane < factors.length; plane++) {
      if (factors[plane] > 1 && factors[plane] < factor) {
        double x = 1 / wavelength(base, plane, factors.length);
        double y = (1 / factors[plane] - 1 / factor) / (1 - 1 / factor);
        n++;
        sumX += x;
        sumY += y;
        sumXX += x * x;
        sumXY += x * y;
      }
    }
    double slope = (n * sumXY - sumX * sumY) / (n * sumXX - sumX * sumX);
    double intercept = (slope * sumX - sumY) / n;
    double high = LOW + LOW / intercept;
    return new LlamaFrequencies(
        factor, Math.round(high * 1000) / 1000.0, Math.rint(slope / intercept));
  }

  private static double wavelength(double base, int plane, int planes) {
    return 2 * Math.PI * Math.pow(base, (double) plane / planes);
  }

  private boolean gives(double base, float[] factors) {
    for (int plane = 0; plane < factors.length; plane++) {
      double expected = factorOf(wavelength(base, plane, factors.length));
      if (!(Math.abs(factors[plane] - expected) <= TOLERANCE * expected)) {
        return false;
      }
    }
    return true;
  }

  private double factorOf(double wavelength) {
    if (wavelength < length / high) {
      return 1;
    }
    if (wavelength > length / LOW) {
      return factor;
    }
    double smooth = (length / wavelength - LOW) / (high - LOW);
    return 1 / ((1 - smooth) / factor + smooth);
  }

  private Map<String, Object> asMap() {
    Map<String, Object> scaling = new LinkedHashMap<>();
    scaling.put("rope_type", "llama3");
    scaling.put("factor", factor);
    scaling.put("low_freq_factor", LOW);
    scaling.put("high_freq_factor", high);
    scaling.put("original_max_position_embeddings", (long) length);
    return scaling;
  }
}
