package dev.sonde.backend.reference;

import dev.sonde.formats.huggingface.AttentionSpec;
import dev.sonde.formats.huggingface.ConvolutionSpec;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.DecoderWeights;
import dev.sonde.formats.huggingface.DeltaNetSpec;
import dev.sonde.formats.huggingface.StateSpaceSpec;
import java.util.List;

/** What lets the tokens of a block see others. */
interface Mixer {
  /**
   * What it adds to the residual stream.
   *
   * @param x {@code [tokens, d_model]}
   */
  float[] apply(float[] x, List<Run> runs, Observer observer);

  static Mixer of(DecoderSpec spec, DecoderWeights weights, int layer, Kernel kernel) {
    return switch (spec.block(layer).mixer()) {
      case AttentionSpec attention -> new BlockAttention(attention, spec, weights, layer, kernel);
      case ConvolutionSpec convolution -> new ShortConvolution(weights, layer, kernel);
      case DeltaNetSpec net -> new DeltaNet(net, weights, layer, kernel);
      case StateSpaceSpec space -> new SteppedStateSpace(space, weights, layer, kernel);
    };
  }
}
