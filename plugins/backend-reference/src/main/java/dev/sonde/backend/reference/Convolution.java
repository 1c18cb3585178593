package dev.sonde.backend.reference;

import dev.sonde.formats.huggingface.DecoderWeights;
import java.util.Optional;

/**
 * A convolution over each channel's last tokens.
 *
 * @param channels numbers of a token
 * @param length tokens that a channel sees, its own included
 * @param weights {@code [channels, length]}, the oldest token first
 */
record Convolution(int channels, int length, float[] weights, Optional<float[]> bias) {
  static Convolution of(DecoderWeights.Linear stored) {
    return new Convolution(
        stored.out(), stored.in(), Floats.of(stored.weight()), stored.bias().map(Floats::of));
  }

  /**
   * What the last tokens of a sequence see.
   *
   * @param all {@code [tokens, channels]}, or more
   * @param tokens of the sequence
   * @param from the first token that is asked for
   * @return {@code [tokens − from, channels]}
   */
  float[] apply(float[] all, int tokens, int from) {
    float[] seen = new float[(tokens - from) * channels];
    for (int token = from; token < tokens; token++) {
      for (int channel = 0; channel < channels; channel++) {
        int bare = channel;
        float sum = bias.map(b -> b[bare]).orElse(0f);
        for (int i = 0; i < length; i++) {
          int at = token - length + 1 + i;
          sum += at < 0 ? 0 : weights[channel * length + i] * all[at * channels + channel];
        }
        seen[(token - from) * channels + channel] = sum;
      }
    }
    return seen;
  }
}
