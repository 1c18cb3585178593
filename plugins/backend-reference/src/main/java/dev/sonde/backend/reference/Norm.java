package dev.sonde.backend.reference;

import dev.sonde.formats.huggingface.DecoderWeights.Gain;
import dev.sonde.formats.huggingface.NormSpec;
import java.util.Optional;

/**
 * A norm over rows of one width: RMSNorm {@code x / sqrt(mean(x²) + ε) · gain}, or LayerNorm, which
 * takes away the mean first and adds a bias.
 *
 * @param width numbers that are normed together
 * @param gain offset included; one row of it, or one for each of several rows that follow
 * @param bias like the gain
 */
record Norm(NormSpec kind, int width, float[] gain, Optional<float[]> bias) {

  static Norm of(int width, Gain stored) {
    NormSpec kind = stored.kind();
    float[] gain = Floats.of(stored.gain());
    for (int i = 0; i < gain.length; i++) {
      gain[i] += (float) kind.gainOffset();
    }
    return new Norm(kind, width, gain, stored.bias().map(Floats::of));
  }

  /** Without a gain. */
  static Norm bare(NormSpec kind, int width) {
    return new Norm(kind, width, new float[] {1}, Optional.empty());
  }

  /** Norms {@code [rows, width]}. */
  float[] apply(float[] x) {
    return gained(normalized(x));
  }

  /** What rows are divided by, {@code sqrt(mean(x²) + ε)}: {@code [rows, 1]}. */
  float[] scale(float[] x) {
    float[] scales = new float[x.length / width];
    for (int row = 0; row < scales.length; row++) {
      scales[row] = (float) scale(x, row * width, mean(x, row * width));
    }
    return scales;
  }

  /** Rows over their scale, before gain and bias. */
  float[] normalized(float[] x) {
    float[] normalized = new float[x.length];
    for (int row = 0; row < x.length; row += width) {
      double mean = mean(x, row);
      double scale = scale(x, row, mean);
      for (int i = row; i < row + width; i++) {
        normalized[i] = (float) ((x[i] - mean) / scale);
      }
    }
    return normalized;
  }

  /** Normalized rows with gain and bias. */
  float[] gained(float[] normalized) {
    float[] gained = new float[normalized.length];
    for (int i = 0; i < gained.length; i++) {
      gained[i] = normalized[i] * gain[i % gain.length];
    }
    bias.ifPresent(
        b -> {
          for (int i = 0; i < gained.length; i++) {
            gained[i] += b[i % b.length];
          }
        });
    return gained;
  }

  /** The mean that a row loses: 0 in RMSNorm. */
  private double mean(float[] x, int from) {
    double sum = 0;
    for (int i = from; i < from + width; i++) {
      sum += x[i];
    }
    return kind.centred() ? sum / width : 0;
  }

  private double scale(float[] x, int from, double mean) {
    double squares = 0;
    for (int i = from; i < from + width; i++) {
      squares += (x[i] - mean) * (x[i] - mean);
    }
    return Math.sqrt(squares / width + kind.epsilon());
  }
}
